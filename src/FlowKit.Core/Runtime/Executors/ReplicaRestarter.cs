using FlowKit.Components.Launching;
using FlowKit.Runtime.Executors.Loading;
using FlowKit.Telemetry;
using Microsoft.Extensions.Logging;

namespace FlowKit.Runtime.Executors;

/// <summary>Loads the executor of a replica again after it failed, with ever longer waits until it succeeds or the pool stops.</summary>
internal sealed partial class ReplicaRestarter(
    PoolState state, ExecutorLoader loader, CircuitBreaker circuit, TimeProvider time, ILogger logger, CancellationToken stopped)
{
    private static readonly TimeSpan s_firstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_maxWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_steady = TimeSpan.FromSeconds(10);

    /// <summary>Ends when the pool stops.</summary>
    public CancellationToken Stopped => stopped;

    /// <summary>Loads until it succeeds, for a replica that serves no more.</summary>
    /// <returns>The executor and what it runs; <see langword="null"/> when the pool stops instead.</returns>
    public Task<(Executor Executor, ExecutorRevision Revision)?> LoadAgainAsync(int id) => LoadAsync(id, static () => true);

    /// <summary>Loads until it succeeds, beside a replica that is faulty and serves on meanwhile.</summary>
    /// <returns>
    /// The executor and what it runs; <see langword="null"/> when the pool stops, or the replica works again or is gone by itself.
    /// </returns>
    public Task<(Executor Executor, ExecutorRevision Revision)?> LoadBesideAsync(Replica replica) => LoadAsync(
        replica.Id, () => !replica.IsAbandoned && !replica.IsGone && replica.IsFaulty(state.Config.FailureThreshold));

    /// <summary>Counts a replica that has been restarted or replaced.</summary>
    public void CountRestart()
    {
        state.CountRestart();
        FlowTelemetry.Restarted(state.Name);
    }

    private async Task<(Executor Executor, ExecutorRevision Revision)?> LoadAsync(int id, Func<bool> isNeeded)
    {
        var backoff = new Backoff(s_firstWait, s_maxWait);
        while (!stopped.IsCancellationRequested && isNeeded())
        {
            try
            {
                var revision = state.Revision;
                return (await loader.LoadAsync(revision, state.Shard, id, stopped, Refuse).ConfigureAwait(false), revision);
            }
            catch (Exception exception) when (!stopped.IsCancellationRequested)
            {
                var wait = backoff.Next();
                Log.RestartFailed(logger, state.Name, wait.TotalSeconds, exception);
                Refuse(exception, wait);
                await Task.Delay(wait, time, stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception)
            {
                // Stopping: nobody needs it any more.
            }
        }

        return null;
    }

    /// <summary>Requests wait for a first attempt to start it; once one has failed, nobody knows for how long they would.</summary>
    private void Refuse(Exception exception, TimeSpan wait)
    {
        state.LastError = exception.Message;
        circuit.OpenWhenNoneServes(wait);
    }

    /// <summary>
    /// Waits before a new start: one that ended after a good while is started again at once, and requests wait for it; one that ends soon
    /// after each start is left alone ever longer, and requests are refused meanwhile.
    /// </summary>
    public async Task WaitAfterEndAsync(Replica replica, LaunchedExecutor launched)
    {
        var why = await launched.Ended.ConfigureAwait(false);
        state.LastError = why;
        if (time.GetElapsedTime(replica.Started) > s_steady)
        {
            replica.Backoff = null;
        }

        if (replica.Backoff is not { } backoff)
        {
            replica.Backoff = new Backoff(s_firstWait, s_maxWait);
            Log.Ended(logger, state.Name, replica.Id, why);
            return;
        }

        var wait = backoff.Next();
        Log.EndedAgain(logger, state.Name, replica.Id, why, wait.TotalSeconds);
        circuit.OpenWhenNoneServes(wait);
        await Task.Delay(wait, time, stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.ExecutorRestartFailed, LogLevel.Error, "Executor {Executor} could not be started again; next attempt "
            + "in {Seconds:0.0} s")]
        public static partial void RestartFailed(ILogger logger, string executor, double seconds, Exception exception);

        [LoggerMessage(EventIds.LaunchedExecutorEnded, LogLevel.Error, "Executor {Executor}/{Replica} is started again: {Why}")]
        public static partial void Ended(ILogger logger, string executor, int replica, string why);

        [LoggerMessage(EventIds.LaunchedExecutorEndedAgain, LogLevel.Error, "Executor {Executor}/{Replica} is started again in "
            + "{Seconds:0.0} s: {Why}")]
        public static partial void EndedAgain(ILogger logger, string executor, int replica, string why, double seconds);
    }
}
