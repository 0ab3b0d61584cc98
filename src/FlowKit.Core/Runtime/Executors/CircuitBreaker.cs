using FlowKit.Runtime.Channels;
using FlowKit.Runtime.Executors.Calls;
using FlowKit.Telemetry;

namespace FlowKit.Runtime.Executors;

/// <summary>Refuses requests at once while no replica of a pool serves.</summary>
internal sealed class CircuitBreaker(
    PoolState state, ReplicaSet replicas, ExecutorChannel channel, FailureHandler failures, TimeProvider time)
{
    private static readonly TimeSpan s_minRetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Opens when no replica serves.</summary>
    /// <param name="wait">The time until the next attempt to start one, where that is known.</param>
    public void OpenWhenNoneServes(TimeSpan? wait = null)
    {
        var refusal = new FlowError(
            FlowErrorCode.Unavailable, $"'{state.Name}' is being restarted after it failed again and again: {state.LastError}")
        {
            Executor = state.Name,
            RetryAfter = wait is { } known && known > s_minRetryAfter ? known : s_minRetryAfter,
        };
        if (replicas.RunIfNoneServes(() => state.Refusal = refusal))
        {
            RefuseWaiting(refusal);
        }
    }

    public void Close() => state.Refusal = null;

    /// <summary>Closes unless no replica serves after all: one that was added may have ended already.</summary>
    public void CloseWhenOneServes()
    {
        if (!replicas.RunIfNoneServes(static () => { }))
        {
            Close();
        }
    }

    /// <summary>Tells everything that waits in the channel that nobody will serve it.</summary>
    public void RefuseWaiting(FlowError error)
    {
        foreach (var item in channel.Drain())
        {
            FlowTelemetry.Skipped(state.Name);
            if (!item.Request.IsSettled)
            {
                _ = failures.TellAsync(item, error, time.GetTimestamp());
            }
        }
    }
}
