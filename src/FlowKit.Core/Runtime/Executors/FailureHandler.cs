using FlowKit.Components;
using FlowKit.Components.Launching;
using FlowKit.Telemetry;
using Microsoft.Extensions.Logging;

namespace FlowKit.Runtime.Executors;

/// <content>What happens when executors fail: retries, restarts, the circuit, and calls that hang.</content>
internal sealed partial class ExecutorPool
{
    private static readonly TimeSpan s_firstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(30);

    private int Retries => Config.Retries < 0 ? Math.Max(3, Config.Replicas) : Config.Retries;

    /// <summary>Writes go one after another; one that has been given up does not keep the next from its turn.</summary>
    public async ValueTask<WriteLockScope> EnterWriteAsync(Replica replica, CancellationToken cancellationToken)
    {
        if (!_writing.Wait(0, CancellationToken.None))
        {
            replica.Pause();
            await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
            replica.Heartbeat(_time.GetTimestamp());
        }

        replica.TakeTurn(_writing);
        return new WriteLockScope(replica);
    }

    /// <summary>Counts a failure that the executor did not mean.</summary>
    public void Failed(Replica replica, string endpoint, Exception exception)
    {
        replica.FailuresInARow++;
        _lastError = exception.Message;
        Log.ExecutorThrew(_logger, Name, endpoint, exception);
        var thrown = exception is FlowKitException { Error.ExceptionName: { } name } ? name : exception.GetType().Name;
        if (Config.ExitOnExceptions.Contains(thrown))
        {
            _end(FlowError.From(exception, Name) with { Message = $"'{Name}' threw {thrown}, which ends the flow (exit_on_exceptions): {exception.Message}" });
        }
    }

    /// <summary>An item's call has failed: it is tried again, or told.</summary>
    public Task FailAsync(Replica replica, WorkItem item, FlowError error, Exception exception, long start)
    {
        if (error.Code == FlowErrorCode.Internal)
        {
            Failed(replica, item.Request.Call.Endpoint, exception);
        }

        return error.Code == FlowErrorCode.Unavailable && TryRetry(item) ? RetryAsync(item) : TellAsync(item, error, start);
    }

    private async Task TellAsync(WorkItem item, FlowError error, long start)
    {
        try
        {
            item.Request.FailAt(item.Stage.Index, start, error);
            await item.Stage.Next.FailAsync(item, error).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            item.Request.Fail(FlowError.From(exception, Name));
        }
    }

    /// <summary>Whether a call may hang and be tried again: then it needs a copy of what it was given, since the hanging call may still write.</summary>
    public bool NeedsRetryCopy(WorkItem item, PoolEndpoint endpoint) => Config.TimeoutExecutor is not null && endpoint.IsIdempotent && item.Attempts < Retries;

    private bool TryRetry(WorkItem item) =>
        item.Attempts < Retries
            && Endpoints.Find(item.Request.Call.Endpoint) is { IsIdempotent: true }
            && !item.Request.IsSettled
            && _budget.TryRetry();

    /// <summary>Back into the channel without waiting for room: the replica that would have to make it is the one that waits.</summary>
    private async Task RetryAsync(WorkItem item)
    {
        var again = item.RetryCopy ?? item.Again();
        FlowTelemetry.Retried(Name);
        try
        {
            if (Endpoints.Find(item.Request.Call.Endpoint) is { } endpoint)
            {
                await EnqueueAsync(again, endpoint, hasRoom: true).ConfigureAwait(false);
            }
            else
            {
                await again.Stage.PassByAsync(again).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            item.Request.Fail(FlowError.From(exception, Name));
        }
    }

    /// <summary>A replica that fails again and again gets a new executor; while none serves, requests are refused at once.</summary>
    /// <returns>False when the pool stops instead.</returns>
    private async Task<bool> RestartAsync(Replica replica)
    {
        lock (_lock)
        {
            replica.IsDown = true;
        }

        if (replica.IsGone)
        {
            await WaitAfterEndAsync(replica, (LaunchedExecutor)replica.Executor).ConfigureAwait(false);
        }
        else
        {
            Log.Restarting(_logger, Name, replica.FailuresInARow);
            OpenWhenNoneServes();
        }

        await _disposal.DisposeAsync(replica.Executor).ConfigureAwait(false);
        if (await LoadAgainAsync(replica.Id).ConfigureAwait(false) is not { } executor)
        {
            return false;
        }

        replica.Executor = executor;
        _elsewhere = executor as IRemoteEndpointSource;
        replica.FailuresInARow = 0;
        lock (_lock)
        {
            replica.IsDown = false;
        }

        Close();
        Follow(replica);
        return true;
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
        FlowError open;
        lock (_lock)
        {
            if (_replicas.Exists(replica => !replica.IsDown))
            {
                return;
            }

            _open = open = new FlowError(FlowErrorCode.Unavailable, $"'{Name}' is being restarted after it failed again and again: {_lastError}")
            {
                Executor = Name,
                RetryAfter = wait is { } known && known > TimeSpan.FromSeconds(1) ? known : TimeSpan.FromSeconds(1),
            };
        }

        RefuseWaiting(open);
    }

    /// <summary>Tells everything that waits in the channel that nobody will serve it.</summary>
    private void RefuseWaiting(FlowError error)
    {
        foreach (var item in _channel.Empty())
        {
            FlowTelemetry.Started(Name, skipped: true);
            if (!item.Request.IsSettled)
            {
                _ = TellAsync(item, error, _time.GetTimestamp());
            }
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
            if (replica.CallStarted is { } started && _time.GetElapsedTime(started) > limit && TryAbandon(replica, started))
            {
                Replace(replica, started, limit);
            }
        }
    }

    /// <summary>In one step for <see cref="ReleaseAbandonedAsync"/>, which may come at once.</summary>
    private bool TryAbandon(Replica replica, long started)
    {
        lock (_lock)
        {
            if (!replica.TryAbandon(started))
            {
                return false;
            }

            _replicas.Remove(replica);
            _abandoned.Add(replica);
            return true;
        }
    }

    private void Replace(Replica replica, long start, TimeSpan limit)
    {
        Log.Hangs(_logger, Name, limit.TotalMilliseconds);
        _lastError = CallFailure.Hung(Name, limit).Message;
        _channel.Retire(replica.Reader);
        replica.EndTurn();
        (replica.Executor as LaunchedExecutor)?.Kill();
        foreach (var item in replica.Batch.Items.ToList())
        {
            _ = item.Batched is null && TryRetry(item) ? RetryAsync(item) : TellAsync(item, CallFailure.Hung(Name, limit), start);
        }

        _ = ReplaceHungAsync(replica.Id);
    }

    private async Task ReplaceHungAsync(int id)
    {
        if (await LoadAgainAsync(id).ConfigureAwait(false) is { } executor)
        {
            await AddAsync(new Replica(id, executor, Endpoints)).ConfigureAwait(false);
            Close();
        }
    }

    /// <summary>A call that hung has returned after all: nobody waits for its answer.</summary>
    private async Task ReleaseAbandonedAsync(Replica replica)
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
