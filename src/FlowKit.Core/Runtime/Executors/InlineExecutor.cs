using System.Diagnostics.CodeAnalysis;
using FlowKit.Runtime.Channels;
using FlowKit.Runtime.Executors.Calls;
using FlowKit.Telemetry;

namespace FlowKit.Runtime.Executors;

/// <summary>
/// Makes short calls on the thread that brings the item, by a replica that it rents, since waking another thread would cost more than the
/// call.
/// </summary>
internal sealed class InlineExecutor(
    PoolState state, ExecutorChannel channel, RetryPolicy retries, ExecutorInvoker invoker, InlineExecutionPolicy policy, TimeProvider time)
{
    private const int Spins = 16;
    private const int PausesPerSpin = 8;
    private const int MaxDepth = 32;

    /// <summary>
    /// Makes the call at once where calls are shorter than the way through the channel, or only hand the item to another process, and a
    /// replica is free.
    /// </summary>
    /// <param name="item">The item.</param>
    /// <param name="endpoint">How the pool answers it.</param>
    /// <param name="sending">The call, with the way that the item goes on.</param>
    /// <returns>Whether it is made; otherwise the item must go through the channel.</returns>
    public bool TryExecuteInline(WorkItem item, PoolEndpoint endpoint, out ValueTask sending)
    {
        if ((policy.IsShort || state.IsElsewhere) && endpoint.Batching is null && item.Depth < MaxDepth && TryRent(out var reader))
        {
            sending = ExecuteAsync(reader, reader.Replica!, item, endpoint);
            return true;
        }

        sending = default;
        return false;
    }

    /// <summary>
    /// Waits a moment when all are rented by others: for short calls one is back before the channel would have been asked.
    /// </summary>
    private bool TryRent([NotNullWhen(true)] out ReaderSlot? reader)
    {
        for (var spin = 0; !channel.TryRentReader(out reader); spin++)
        {
            if (spin == Spins || !channel.CanRent)
            {
                return false;
            }

            Thread.SpinWait(PausesPerSpin);
        }

        return true;
    }

    /// <summary>
    /// A call by a rented replica, which is free again before the item goes on. A call that must wait after all goes on by itself:
    /// whoever sent the item does not wait for it, as little as for one in the channel.
    /// </summary>
    private ValueTask ExecuteAsync(ReaderSlot reader, Replica replica, WorkItem item, PoolEndpoint endpoint)
    {
        var start = item.Moved == 0 ? time.GetTimestamp() : item.Moved;
        if (item.Request.HasEnded(start))
        {
            channel.Return(reader, hasWork: false);
            return ValueTask.CompletedTask;
        }

        item.Enqueued = start;
        FlowTelemetry.DidNotWait(state.Name);
        retries.CountCall();
        item.Depth++;
        replica.Batch.Hold(item);
        var own = ReferenceEquals(replica.Endpoints, state.Endpoints) ? endpoint : replica.Endpoints.Find(item.Request.Call.Endpoint);
        var calling = invoker.InvokeAsync(replica, item, own, start);
        if (!calling.IsCompletedSuccessfully)
        {
            _ = AwaitAsync(calling, reader, replica, item);
            return ValueTask.CompletedTask;
        }

        channel.Return(reader, NeedsRecovery(replica));
        return invoker.SendOnAsync(item, calling.Result);

        async Task AwaitAsync(ValueTask<CallEnd> calling, ReaderSlot reader, Replica replica, WorkItem item)
        {
            var end = await calling.ConfigureAwait(false);
            channel.Return(reader, NeedsRecovery(replica));
            await invoker.SendOnAsync(item, end).ConfigureAwait(false);
        }
    }

    private bool NeedsRecovery(Replica replica) => replica.NeedsRecovery(state.Config.FailureThreshold);
}
