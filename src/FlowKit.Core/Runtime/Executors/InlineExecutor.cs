using System.Diagnostics.CodeAnalysis;
using FlowKit.Runtime.Channels;
using FlowKit.Telemetry;

namespace FlowKit.Runtime.Executors;

/// <content>How replicas work: each in its loop, or lent to a sender for one short call.</content>
internal sealed partial class ExecutorPool
{
    private const int Spins = 16;
    private const int PausesPerSpin = 8;
    private const int DeepestCalls = 32;

    /// <summary>The loop of one replica.</summary>
    private async Task ServeAsync(Replica replica)
    {
        while (await _channel.WaitAsync(replica.Reader).ConfigureAwait(false))
        {
            if (NeedsRecovery(replica) && !await RecoverAsync(replica).ConfigureAwait(false))
            {
                return;
            }

            while (_channel.TryTake(replica.Reader, replica.Batch))
            {
                await ServeAsync(replica, replica.Batch).ConfigureAwait(false);
                if (NeedsRecovery(replica) && !await RecoverAsync(replica).ConfigureAwait(false))
                {
                    return;
                }
            }
        }
    }

    private bool NeedsRecovery(Replica replica) => replica.FailuresInARow >= Config.FailureThreshold || replica.IsAbandoned || replica.IsGone;

    /// <returns>Whether it serves on.</returns>
    private async ValueTask<bool> RecoverAsync(Replica replica)
    {
        if (replica.IsAbandoned)
        {
            await ReleaseAbandonedAsync(replica).ConfigureAwait(false);
            return false;
        }

        return await RestartAsync(replica).ConfigureAwait(false);
    }

    /// <summary>Whatever goes wrong, here or in the fork or join behind, fails the request and not the loop.</summary>
    private ValueTask ServeAsync(Replica replica, Batch batch)
    {
        for (var dropped = 0; dropped < batch.Dropped; dropped++)
        {
            FlowTelemetry.Started(Name, skipped: true);
        }

        return batch.Single is { } item ? ServeOneAsync(replica, item)
            : batch.Slices.Count > 0 ? ServeBatchAsync(replica, batch)
            : ValueTask.CompletedTask;
    }

    private ValueTask ServeOneAsync(Replica replica, WorkItem item)
    {
        var skipped = item.Request.IsSettled;
        FlowTelemetry.Started(Name, skipped);
        if (skipped)
        {
            return ValueTask.CompletedTask;
        }

        _budget.Call();
        var calling = _single.CallAsync(replica, item, replica.Endpoints.Find(item.Request.Call.Endpoint), _time.GetTimestamp());
        return calling.IsCompletedSuccessfully ? _single.SendOnAsync(item, calling.Result) : AwaitAsync(calling, item);

        async ValueTask AwaitAsync(ValueTask<CallEnd> calling, WorkItem item) =>
            await _single.SendOnAsync(item, await calling.ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async ValueTask ServeBatchAsync(Replica replica, Batch batch)
    {
        foreach (var slice in batch.Slices.Where(slice => slice.Start == 0))
        {
            FlowTelemetry.Started(Name, skipped: false);
        }

        _budget.Call();
        await _batch.ServeAsync(replica, batch).ConfigureAwait(false);
    }

    /// <summary>When all are lent to others, for short calls as well, one is back before the channel would have been asked.</summary>
    private bool TryRentReader([NotNullWhen(true)] out BatchReader? reader)
    {
        for (var spin = 0; !_channel.TryRentReader(out reader); spin++)
        {
            if (spin == Spins || !_channel.Lends)
            {
                return false;
            }

            Thread.SpinWait(PausesPerSpin);
        }

        return true;
    }

    /// <summary>
    /// One call by a borrowed replica, which is free again before the item goes on. A call that must wait after all goes on by itself:
    /// whoever sent the item does not wait for it, as little as for one in the channel.
    /// </summary>
    private ValueTask ServeHereAsync(Replica replica, WorkItem item, PoolEndpoint endpoint)
    {
        var start = item.Moved == 0 ? _time.GetTimestamp() : item.Moved;
        if (item.Request.HasEnded(start))
        {
            _channel.Return(replica.Reader, hasWork: false);
            return ValueTask.CompletedTask;
        }

        _budget.Call();
        item.Depth++;
        replica.Batch.Hold(item);
        var own = ReferenceEquals(replica.Endpoints, Endpoints) ? endpoint : replica.Endpoints.Find(item.Request.Call.Endpoint);
        var calling = _single.CallAsync(replica, item, own, start);
        if (!calling.IsCompletedSuccessfully)
        {
            _ = AwaitAsync(calling, replica, item);
            return ValueTask.CompletedTask;
        }

        _channel.Return(replica.Reader, NeedsRecovery(replica));
        return _single.SendOnAsync(item, calling.Result);

        async Task AwaitAsync(ValueTask<CallEnd> calling, Replica replica, WorkItem item)
        {
            var end = await calling.ConfigureAwait(false);
            _channel.Return(replica.Reader, NeedsRecovery(replica));
            await _single.SendOnAsync(item, end).ConfigureAwait(false);
        }
    }
}
