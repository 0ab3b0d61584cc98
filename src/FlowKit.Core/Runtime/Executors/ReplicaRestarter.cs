using FlowKit.Components.Launching;
using Microsoft.Extensions.Logging;

namespace FlowKit.Runtime.Executors;

/// <content>What happens when an executor that runs outside this process ends there.</content>
internal sealed partial class ExecutorPool
{
    private static readonly TimeSpan s_steady = TimeSpan.FromSeconds(10);

    /// <summary>Has a replica be started again as soon as it has ended, and not only when the next request finds it gone.</summary>
    private void Follow(Replica replica)
    {
        replica.Started = _time.GetTimestamp();
        if (replica.Executor is LaunchedExecutor launched)
        {
            _ = WakeAsync(replica, launched);
        }
    }

    private async Task WakeAsync(Replica replica, LaunchedExecutor launched)
    {
        await launched.Ended.ConfigureAwait(false);
        _channel.Wake(replica.Reader);
    }

    /// <summary>
    /// One that ended after a good while is started again at once, and requests wait for it. One that ends soon after each start is
    /// left alone ever longer, and requests are refused meanwhile.
    /// </summary>
    private async Task WaitAfterEndAsync(Replica replica, LaunchedExecutor launched)
    {
        var why = await launched.Ended.ConfigureAwait(false);
        _lastError = why;
        if (_time.GetElapsedTime(replica.Started) > s_steady)
        {
            replica.Backoff = null;
        }

        if (replica.Backoff is not { } backoff)
        {
            replica.Backoff = new Backoff(s_firstWait, s_longestWait);
            Log.Ended(_logger, Name, replica.Id, why);
            return;
        }

        var wait = backoff.Next();
        Log.EndedAgain(_logger, Name, replica.Id, why, wait.TotalSeconds);
        OpenWhenNoneServes(wait);
        await Task.Delay(wait, _time, _stopped.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static partial class Log
    {
        [LoggerMessage(105, LogLevel.Error, "Executor {Executor}/{Replica} is started again: {Why}")]
        public static partial void Ended(ILogger logger, string executor, int replica, string why);

        [LoggerMessage(106, LogLevel.Error, "Executor {Executor}/{Replica} is started again in {Seconds:0.0} s: {Why}")]
        public static partial void EndedAgain(ILogger logger, string executor, int replica, string why, double seconds);
    }
}
