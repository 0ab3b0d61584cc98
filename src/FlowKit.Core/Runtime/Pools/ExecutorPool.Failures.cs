using FlowKit.Telemetry;
using Microsoft.Extensions.Logging;

namespace FlowKit.Runtime;

/// <content>What happens when executors fail: retries, restarts, the circuit, and calls that hang.</content>
internal sealed partial class ExecutorPool
{
    private static readonly TimeSpan s_firstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(30);

    /// <summary>Writes go one after another.</summary>
    public async ValueTask<WriteTurn> EnterWriteAsync(Replica replica, CancellationToken cancellationToken)
    {
        if (!_writing.Wait(0, CancellationToken.None))
        {
            replica.Touch(long.MaxValue);
            await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
            replica.Touch(_time.GetTimestamp());
        }

        return new WriteTurn(_writing);
    }

    /// <summary>Counts a failure that the executor did not mean.</summary>
    public void Failed(Replica replica, string endpoint, Exception exception)
    {
        replica.FailuresInARow++;
        _lastError = exception.Message;
        Log.ExecutorThrew(_logger, Name, endpoint, exception);
        if (Config.ExitOnExceptions.Contains(exception.GetType().Name))
        {
            _end(FlowError.From(exception, Name) with { Message = $"'{Name}' threw {exception.GetType().Name}, which ends the flow (exit_on_exceptions): {exception.Message}" });
        }
    }

    /// <summary>A part's call has failed: it is tried again, or told.</summary>
    public Task FailAsync(Replica replica, RequestPart part, FlowError error, Exception exception, long start)
    {
        if (error.Code == FlowErrorCode.Internal)
        {
            Failed(replica, part.Request.Call.Endpoint, exception);
        }

        return error.Code == FlowErrorCode.Unavailable && TryRetry(part) ? RetryAsync(part) : TellAsync(part, error, start);
    }

    private async Task TellAsync(RequestPart part, FlowError error, long start)
    {
        try
        {
            part.Request.FailAt(part.Stage.Index, start, error);
            await part.Stage.Next.FailAsync(part, error).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            part.Request.Fail(FlowError.From(exception, Name));
        }
    }

    private bool TryRetry(RequestPart part)
    {
        var retries = Config.Retries < 0 ? Math.Max(3, Config.Replicas) : Config.Retries;
        return part.Attempts < retries
            && Endpoints.Find(part.Request.Call.Endpoint) is { IsIdempotent: true }
            && !part.Request.IsSettled
            && _budget.TryRetry();
    }

    /// <summary>With documents of its own: the call that failed may still write into the others.</summary>
    private async Task RetryAsync(RequestPart part)
    {
        var again = part.With(part.Documents.Clone());
        again.Stage = part.Stage;
        again.Parts = part.Parts;
        again.Attempts = part.Attempts + 1;
        FlowTelemetry.Retried(Name);
        if (Endpoints.Find(part.Request.Call.Endpoint) is { } endpoint)
        {
            await EnqueueAsync(again, endpoint).ConfigureAwait(false);
        }
        else
        {
            await part.Stage.PassByAsync(again).ConfigureAwait(false);
        }
    }

    /// <summary>A replica that fails again and again gets a new executor; while none serves, requests are refused at once.</summary>
    private async Task RestartAsync(Replica replica)
    {
        Log.Restarting(_logger, Name, replica.FailuresInARow);
        lock (_lock)
        {
            replica.IsDown = true;
        }

        OpenWhenNoneServes();
        await _disposal.DisposeAsync(replica.Executor).ConfigureAwait(false);
        if (await LoadAgainAsync(replica.Id).ConfigureAwait(false) is { } executor)
        {
            replica.Executor = executor;
            replica.FailuresInARow = 0;
            lock (_lock)
            {
                replica.IsDown = false;
            }

            Close();
        }
    }

    /// <summary>Loads until it succeeds or the pool stops.</summary>
    private async Task<Executor?> LoadAgainAsync(int id)
    {
        var backoff = new Backoff(s_firstWait, s_longestWait);
        Interlocked.Increment(ref _restarts);
        FlowTelemetry.Restarted(Name);
        while (!_stopped.IsCancellationRequested)
        {
            try
            {
                return await _loader.LoadAsync(_version, Shard, id, _stopped.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (!_stopped.IsCancellationRequested)
            {
                var wait = backoff.Next();
                _lastError = exception.Message;
                Log.RestartFailed(_logger, Name, wait.TotalSeconds, exception);
                OpenWhenNoneServes(wait);
                await Task.Delay(wait, _time, _stopped.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception)
            {
                // Stopping: nobody needs it any more.
            }
        }

        return null;
    }

    private void OpenWhenNoneServes(TimeSpan? wait = null)
    {
        lock (_lock)
        {
            if (_replicas.Exists(replica => !replica.IsDown))
            {
                return;
            }

            _open = new FlowError(FlowErrorCode.Unavailable, $"'{Name}' is being restarted after it failed again and again: {_lastError}")
            {
                Executor = Name,
                RetryAfter = wait is { } known && known > TimeSpan.FromSeconds(1) ? known : TimeSpan.FromSeconds(1),
            };
        }

        foreach (var part in _inbox.Empty())
        {
            FlowTelemetry.Started(Name, skipped: true);
            _ = TellAsync(part, _open, _time.GetTimestamp());
        }
    }

    private void Close() => _open = null;

    /// <summary>Looks for calls that take longer than <c>timeout_executor</c>: their requests are answered and a new replica takes the place.</summary>
    private void Watch()
    {
        if (Config.TimeoutExecutor is not { } limit)
        {
            return;
        }

        foreach (var replica in Replicas())
        {
            var started = replica.CallStarted;
            if (started != long.MaxValue && _time.GetElapsedTime(started) > limit && replica.TryAbandon())
            {
                Abandon(replica, limit);
            }
        }
    }

    private void Abandon(Replica replica, TimeSpan limit)
    {
        Log.Hangs(_logger, Name, limit.TotalMilliseconds);
        _lastError = CallFailure.Hung(Name, limit).Message;
        lock (_lock)
        {
            _replicas.Remove(replica);
            _abandoned.Add(replica);
        }

        _inbox.Retire(replica.Reader);
        foreach (var part in replica.Batch.Parts.ToList())
        {
            var start = replica.CallStarted;
            _ = part.Batched is null && TryRetry(part) ? RetryAsync(part) : TellAsync(part, CallFailure.Hung(Name, limit), start);
        }

        _ = ReplaceHungAsync(replica.Id);
    }

    private async Task ReplaceHungAsync(int id)
    {
        if (await LoadAgainAsync(id).ConfigureAwait(false) is { } executor)
        {
            Start(new Replica(id, executor, Endpoints));
            Close();
        }
    }

    /// <summary>A call that hung has returned after all: nobody waits for its answer.</summary>
    private async Task BuryAsync(Replica replica)
    {
        lock (_lock)
        {
            _abandoned.Remove(replica);
        }

        await _disposal.DisposeAsync(replica.Executor).ConfigureAwait(false);
    }

    private static partial class Log
    {
        [LoggerMessage(101, LogLevel.Error, "Executor {Executor} threw on {Endpoint}")]
        public static partial void ExecutorThrew(ILogger logger, string executor, string endpoint, Exception exception);

        [LoggerMessage(102, LogLevel.Warning, "Executor {Executor} failed {Count} times in a row and is restarted")]
        public static partial void Restarting(ILogger logger, string executor, int count);

        [LoggerMessage(103, LogLevel.Error, "Executor {Executor} could not be started again; next attempt in {Seconds:0.0} s")]
        public static partial void RestartFailed(ILogger logger, string executor, double seconds, Exception exception);

        [LoggerMessage(104, LogLevel.Error, "A call of executor {Executor} took longer than {Milliseconds} ms (timeout_executor): its replica is replaced")]
        public static partial void Hangs(ILogger logger, string executor, double milliseconds);
    }
}
