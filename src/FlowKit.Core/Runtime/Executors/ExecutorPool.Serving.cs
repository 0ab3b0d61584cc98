using System.Diagnostics.CodeAnalysis;
using FlowKit.Telemetry;

namespace FlowKit.Runtime;

/// <content>How replicas work: each in its loop, or lent to a sender for one short call.</content>
internal sealed partial class ExecutorPool
{
    private const int Spins = 16;
    private const int PausesPerSpin = 8;
    private const int DeepestCalls = 32;

    /// <summary>The loop of one replica.</summary>
    private async Task ServeAsync(Replica replica)
    {
        while (await _inbox.WaitAsync(replica.Reader).ConfigureAwait(false))
        {
            if (NeedsCare(replica) && !await CareAsync(replica).ConfigureAwait(false))
            {
                return;
            }

            while (_inbox.TryTake(replica.Reader, replica.Batch))
            {
                await ServeAsync(replica, replica.Batch).ConfigureAwait(false);
                if (NeedsCare(replica) && !await CareAsync(replica).ConfigureAwait(false))
                {
                    return;
                }
            }
        }
    }

    private bool NeedsCare(Replica replica) => replica.FailuresInARow >= Config.FailureThreshold || replica.IsAbandoned || replica.IsGone;

    /// <returns>Whether it serves on.</returns>
    private async ValueTask<bool> CareAsync(Replica replica)
    {
        if (replica.IsAbandoned)
        {
            await BuryAsync(replica).ConfigureAwait(false);
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

        return batch.Single is { } part ? ServeOneAsync(replica, part)
            : batch.Slices.Count > 0 ? ServeBatchAsync(replica, batch)
            : ValueTask.CompletedTask;
    }

    private ValueTask ServeOneAsync(Replica replica, RequestPart part)
    {
        var skipped = part.Request.IsSettled;
        FlowTelemetry.Started(Name, skipped);
        if (skipped)
        {
            return ValueTask.CompletedTask;
        }

        _budget.Call();
        var calling = _single.CallAsync(replica, part, replica.Endpoints.Find(part.Request.Call.Endpoint), _time.GetTimestamp());
        return calling.IsCompletedSuccessfully ? _single.SendOnAsync(part, calling.Result) : AwaitAsync(calling, part);

        async ValueTask AwaitAsync(ValueTask<CallEnd> calling, RequestPart part) =>
            await _single.SendOnAsync(part, await calling.ConfigureAwait(false)).ConfigureAwait(false);
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

    /// <summary>When all are lent to others, for short calls as well, one is back before the inbox would have been asked.</summary>
    private bool TryBorrow([NotNullWhen(true)] out InboxReader? reader)
    {
        for (var spin = 0; !_inbox.TryBorrow(out reader); spin++)
        {
            if (spin == Spins || !_inbox.Lends)
            {
                return false;
            }

            Thread.SpinWait(PausesPerSpin);
        }

        return true;
    }

    /// <summary>
    /// One call by a borrowed replica, which is free again before the part goes on. A call that must wait after all goes on by itself:
    /// whoever sent the part does not wait for it, as little as for one in the inbox.
    /// </summary>
    private ValueTask ServeHereAsync(Replica replica, RequestPart part, PoolEndpoint endpoint)
    {
        var start = part.Moved == 0 ? _time.GetTimestamp() : part.Moved;
        if (part.Request.HasEnded(start))
        {
            _inbox.GiveBack(replica.Reader, hasWork: false);
            return ValueTask.CompletedTask;
        }

        _budget.Call();
        part.Depth++;
        replica.Batch.Hold(part);
        var own = ReferenceEquals(replica.Endpoints, Endpoints) ? endpoint : replica.Endpoints.Find(part.Request.Call.Endpoint);
        var calling = _single.CallAsync(replica, part, own, start);
        if (!calling.IsCompletedSuccessfully)
        {
            _ = AwaitAsync(calling, replica, part);
            return ValueTask.CompletedTask;
        }

        _inbox.GiveBack(replica.Reader, NeedsCare(replica));
        return _single.SendOnAsync(part, calling.Result);

        async Task AwaitAsync(ValueTask<CallEnd> calling, Replica replica, RequestPart part)
        {
            var end = await calling.ConfigureAwait(false);
            _inbox.GiveBack(replica.Reader, NeedsCare(replica));
            await _single.SendOnAsync(part, end).ConfigureAwait(false);
        }
    }
}
