namespace FlowKit.Runtime.Executors.Calls;

/// <summary>
/// Finds an executor that has asked its own flow and waits for the answer while every replica that could give it works on a call as old:
/// without this it would wait for ever, for there is no deadline unless somebody says one.
/// </summary>
internal static class CallLoop
{
    /// <summary>The time that such a request waits in the channel: it may have been sent without waiting for it.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Watches an item that comes to the pool, if the executor of that pool has sent it.</summary>
    public static void Follow(WorkItem item, PoolState state, ReplicaSet replicas, TimeProvider time, CancellationToken stopped)
    {
        if (item.Request.Call.SentBy is { } sender && sender == state.Mark)
        {
            _ = FollowAsync(item, state.Name, replicas, time, stopped);
        }
    }

    private static async Task FollowAsync(
        WorkItem item, string name, ReplicaSet replicas, TimeProvider time, CancellationToken stopped)
    {
        var sent = time.GetTimestamp();
        await Task.Delay(Patience, time, stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var running = replicas.ToArray();
        if (running.Length > 0 && Array.TrueForAll(running, replica => replica.CallStarted is { } started && started <= sent))
        {
            item.Request.Fail(new FlowError(
                FlowErrorCode.DeadlineExceeded,
                $"'{name}' has sent this request to its own flow, which has waited {Patience.TotalSeconds:0} s for '{name}': all its"
                + $" replicas ({running.Length}) work on calls that began before, one of them the call that waits for this answer."
                + $" Let another executor answer it, call the method itself, or give '{name}' more replicas than calls that ask the flow"
                + " at once.")
            {
                Executor = name,
            });
        }
    }
}
