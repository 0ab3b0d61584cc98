using FlowKit.Components.Launching;
using FlowKit.Components.Remote;
using FlowKit.Runtime.Channels;
using FlowKit.Runtime.Executors.Calls;
using FlowKit.Runtime.Executors.Loading;
using FlowKit.Telemetry;
using Microsoft.Extensions.Logging;

namespace FlowKit.Runtime.Executors;

/// <summary>
/// Runs the loop of each replica, and keeps them alive: one that has ended gets a new executor, one whose call hangs is given up and
/// another takes its place, and one that is faulty serves on until another has been loaded.
/// </summary>
internal sealed partial class ReplicaSupervisor(
    PoolState state, ExecutorChannel channel, ReplicaSet replicas, ReplicaWorker worker, ReplicaRestarter restarter, CircuitBreaker circuit,
    FailureHandler failures, ExecutorDisposal disposal, ChangeLock changes, TimeProvider time, ILogger logger)
{
    /// <summary>Lets a loaded executor serve as a replica; one that was loaded while the pool stopped is disposed.</summary>
    /// <param name="id">The replica's position.</param>
    /// <param name="executor">The executor.</param>
    /// <param name="endpoints">What it answers.</param>
    public async Task AddAsync(int id, Executor executor, PoolEndpoints endpoints)
    {
        if (!replicas.TryAdd(new Replica(id, executor, endpoints, channel.CreateReader()), Start))
        {
            await disposal.DisposeAsync(executor).ConfigureAwait(false);
        }
    }

    /// <summary>Ends a replica after its call.</summary>
    public async Task RetireAsync(Replica replica)
    {
        replica.Reader.Retire();
        await replica.Ended;
        if (replicas.Remove(replica))
        {
            await disposal.DisposeAsync(replica.Executor);
        }
    }

    /// <summary>
    /// Gives up a replica whose call takes longer than <c>timeout_executor</c>: its requests are answered and a new replica takes the
    /// place.
    /// </summary>
    /// <param name="replica">The replica.</param>
    /// <param name="started">The start of the call.</param>
    /// <param name="limit">The limit.</param>
    public void ReplaceHung(Replica replica, long started, TimeSpan limit)
    {
        if (!replicas.TryAbandon(replica, started))
        {
            return;
        }

        Log.Hangs(logger, state.Name, limit.TotalMilliseconds);
        var error = CallFailure.Hung(state.Name, limit);
        state.LastError = error.Message;
        replica.Reader.Retire();
        replica.ReleaseLock();
        (replica.Executor as LaunchedExecutor)?.Kill();
        foreach (var item in replica.Batch.Items.ToList())
        {
            _ = item.Batched is null ? failures.RetryOrTellAsync(item, error, started) : failures.TellAsync(item, error, started);
        }

        _ = ReplaceAsync(replica);
    }

    private void Start(Replica replica)
    {
        state.Remote = replica.Executor as IRemoteEndpointSource;
        Follow(replica);
        replica.Loop = Task.Run(() => RunAsync(replica));
    }

    private async Task RunAsync(Replica replica)
    {
        CallingExecutor.Mark = replica.Mark;
        while (await replica.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            if (NeedsRecovery(replica) && !await RecoverAsync(replica).ConfigureAwait(false))
            {
                return;
            }

            while (replica.Reader.TryRead(out var batch))
            {
                await worker.ServeAsync(replica, batch).ConfigureAwait(false);
                if (NeedsRecovery(replica) && !await RecoverAsync(replica).ConfigureAwait(false))
                {
                    return;
                }
            }
        }
    }

    private bool NeedsRecovery(Replica replica) => replica.NeedsRecovery(state.Config.FailureThreshold);

    /// <returns>Whether it serves on.</returns>
    private async ValueTask<bool> RecoverAsync(Replica replica)
    {
        if (replica.IsAbandoned)
        {
            await ReleaseAbandonedAsync(replica).ConfigureAwait(false);
            return false;
        }

        if (replica.IsGone)
        {
            return await RestartAsync(replica).ConfigureAwait(false);
        }

        Log.Replacing(logger, state.Name, replica.FaultsInARow);
        if (state.Revision.Descriptor.IsExclusive)
        {
            return await RestartAsync(replica).ConfigureAwait(false);
        }

        replica.IsBeingReplaced = true;
        replica.Replacement = ReplaceFaultyAsync(replica);
        return true;
    }

    /// <summary>
    /// A replica that has ended, or that no other may be open beside, gets a new executor. Requests wait for it; they are refused when it
    /// does not start and no other serves.
    /// </summary>
    /// <returns>False when the pool stops instead.</returns>
    private async Task<bool> RestartAsync(Replica replica)
    {
        replicas.SetDown(replica, isDown: true);
        if (replica.IsGone)
        {
            await restarter.WaitAfterEndAsync(replica, (LaunchedExecutor)replica.Executor).ConfigureAwait(false);
        }

        await disposal.DisposeAsync(replica.Executor).ConfigureAwait(false);
        restarter.CountRestart();
        if (await restarter.LoadAgainAsync(replica.Id).ConfigureAwait(false) is not { } loaded)
        {
            return false;
        }

        replica.Executor = loaded.Executor;
        state.Remote = loaded.Executor as IRemoteEndpointSource;
        replica.FaultsInARow = 0;
        replicas.SetDown(replica, isDown: false);
        circuit.Close();
        Follow(replica);
        return true;
    }

    /// <summary>
    /// Loads a replica in the place of one that hangs, unless a change of the flow has filled the place meanwhile, or now runs something
    /// else.
    /// </summary>
    private async Task ReplaceAsync(Replica hung)
    {
        restarter.CountRestart();
        var isMissing = true;
        while (isMissing && await restarter.LoadAgainAsync(hung.Id).ConfigureAwait(false) is { } loaded)
        {
            var isAdded = false;
            try
            {
                await changes.RunAsync(
                    () =>
                    {
                        isMissing = replicas.ToArray().Length < state.Config.Replicas;
                        isAdded = isMissing && loaded.Revision.RunsAs(state.Revision);
                        return isAdded ? AddAsync(hung.Id, loaded.Executor, loaded.Revision.Endpoints) : Task.CompletedTask;
                    },
                    restarter.Stopped).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                // The pool stops, and with it what serves.
                isMissing = false;
            }

            if (isAdded)
            {
                circuit.Close();
                return;
            }

            await disposal.DisposeAsync(loaded.Executor).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// A faulty replica answers still: it goes when the other has been loaded, so that nobody is refused or kept waiting, and stays when it
    /// works again before that.
    /// </summary>
    private async Task ReplaceFaultyAsync(Replica faulty)
    {
        if (await restarter.LoadBesideAsync(faulty).ConfigureAwait(false) is { } loaded)
        {
            var successor = new Replica(faulty.Id, loaded.Executor, loaded.Revision.Endpoints, channel.CreateReader());
            var takesOver = false;
            try
            {
                await changes.RunAsync(
                    () =>
                    {
                        // A change of the flow may have brought others meanwhile.
                        takesOver = faulty.IsFaulty(state.Config.FailureThreshold)
                            && loaded.Revision.RunsAs(state.Revision)
                            && replicas.TryAddBeside(faulty, successor, Start);
                        return takesOver ? RetireFaultyAsync(faulty) : Task.CompletedTask;
                    },
                    restarter.Stopped).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                // The pool stops, and with it what serves.
            }

            if (!takesOver)
            {
                await disposal.DisposeAsync(loaded.Executor).ConfigureAwait(false);
            }
        }

        faulty.IsBeingReplaced = false;
    }

    private Task RetireFaultyAsync(Replica faulty)
    {
        restarter.CountRestart();
        return RetireAsync(faulty);
    }

    /// <summary>A call that hung has returned after all: nobody waits for its answer.</summary>
    private async Task ReleaseAbandonedAsync(Replica replica)
    {
        replicas.ForgetAbandoned(replica);
        await disposal.DisposeAsync(replica.Executor).ConfigureAwait(false);
    }

    /// <summary>Has a replica be started again as soon as it has ended, and not only when the next request finds it gone.</summary>
    private void Follow(Replica replica)
    {
        replica.Started = time.GetTimestamp();
        if (replica.Executor is LaunchedExecutor launched)
        {
            _ = WakeAsync(replica, launched);
        }
    }

    private static async Task WakeAsync(Replica replica, LaunchedExecutor launched)
    {
        await launched.Ended.ConfigureAwait(false);
        replica.Reader.Wake();
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.ExecutorRestarting, LogLevel.Warning, "Executor {Executor} failed {Count} times in a row by itself and "
            + "is replaced")]
        public static partial void Replacing(ILogger logger, string executor, int count);

        [LoggerMessage(EventIds.ExecutorHangs, LogLevel.Error, "A call of executor {Executor} took longer than {Milliseconds} ms "
            + "(timeout_executor): its replica is replaced")]
        public static partial void Hangs(ILogger logger, string executor, double milliseconds);
    }
}
