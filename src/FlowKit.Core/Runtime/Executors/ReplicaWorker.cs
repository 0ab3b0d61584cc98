using FlowKit.Runtime.Channels;
using FlowKit.Runtime.Executors.Calls;
using FlowKit.Telemetry;

namespace FlowKit.Runtime.Executors;

/// <summary>
/// Serves what a replica has read: one item, or the documents of several. Whatever goes wrong, here or behind, fails the request and not
/// the replica's loop.
/// </summary>
internal sealed class ReplicaWorker(
    PoolState state, RetryPolicy retries, ExecutorInvoker invoker, BatchInvoker batchInvoker, TimeProvider time)
{
    public ValueTask ServeAsync(Replica replica, Batch batch)
    {
        for (var dropped = 0; dropped < batch.Dropped; dropped++)
        {
            FlowTelemetry.Skipped(state.Name);
        }

        if (batch.Single is { } item)
        {
            return ServeOneAsync(replica, item);
        }

        return batch.Slices.Count > 0 ? ServeBatchAsync(replica, batch) : ValueTask.CompletedTask;
    }

    private ValueTask ServeOneAsync(Replica replica, WorkItem item)
    {
        if (item.Request.IsSettled)
        {
            FlowTelemetry.Skipped(state.Name);
            return ValueTask.CompletedTask;
        }

        FlowTelemetry.Waited(state.Name, time, item);
        retries.CountCall();
        var calling = invoker.InvokeAsync(replica, item, replica.Endpoints.Find(item.Request.Call.Endpoint), time.GetTimestamp());
        return calling.IsCompletedSuccessfully ? invoker.SendOnAsync(item, calling.Result) : AwaitAsync(calling, item);

        async ValueTask AwaitAsync(ValueTask<CallEnd> calling, WorkItem item) =>
            await invoker.SendOnAsync(item, await calling.ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async ValueTask ServeBatchAsync(Replica replica, Batch batch)
    {
        foreach (var slice in batch.Slices.Where(slice => slice.Start == 0))
        {
            FlowTelemetry.Waited(state.Name, time, slice.Item);
        }

        retries.CountCall();
        await batchInvoker.InvokeAsync(replica, batch).ConfigureAwait(false);
    }
}
