using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FlowKit.Telemetry;

namespace FlowKit.Runtime;

/// <summary>
/// One admitted request on its way. It carries its own reply, so no stage knows who asked; whoever settles it first wins,
/// and every part of it that is still in a channel is dropped when it is next read.
/// </summary>
internal sealed class FlowRequest : IDisposable
{
    private static readonly TimeSpan s_regexTimeout = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_longestTimer = TimeSpan.FromDays(49);

    private readonly TaskCompletionSource<FlowReply> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly RouteMarks _routes;
    private readonly CancellationToken _callerGone;
    private readonly CancellationToken _aborted;
    private readonly TimeSpan? _limit;
    private readonly RequestPermits _permits;
    private readonly Regex? _target;

    // Made when someone asks for the token. Never disposed: an executor that ignores its cancellation may still hold it, and it has no timer.
    private CancellationTokenSource? _ended;
    private CancellationTokenRegistration _onCallerGone;
    private CancellationTokenRegistration _onAborted;
    private ITimer? _deadline;
    private Dictionary<(int Join, int StreamIndex), JoinSlot>? _joins;
    private JsonObject? _results;
    private int _streamIndex;
    private bool _hasFailed;
    private bool _isSettled;
    private bool _isWatched;

    public FlowRequest(FlowCall call, IReadOnlyList<string> stages, TimeProvider time, TimeSpan? timeout, RequestPermits permits, CancellationToken callerGone, CancellationToken aborted, FlowStream? stream = null)
    {
        Call = call;
        Stream = stream;
        Stages = stages;
        _time = time;
        _routes = new RouteMarks(stages, time);
        _target = call.TargetExecutor.Length == 0 ? null : ParseTarget(call.TargetExecutor);
        _permits = permits;
        _callerGone = callerGone;
        _aborted = aborted;
        _limit = timeout is { } known && known != Timeout.InfiniteTimeSpan ? known : null;
    }

    public FlowCall Call { get; }

    /// <summary>When it began.</summary>
    public long Started => _routes.Start;

    /// <summary>The names of the graph's executors, by position.</summary>
    public IReadOnlyList<string> Stages { get; }

    /// <summary>Where documents go as they come, when the caller asked for a stream; known before the caller can go.</summary>
    public FlowStream? Stream { get; }

    /// <summary>The ids of the documents in the order they came, where the graph may change it.</summary>
    public IReadOnlyList<string>? Order { get; init; }

    public Task<FlowReply> Reply => _reply.Task;

    public bool IsSettled => Volatile.Read(ref _isSettled);

    /// <summary>Ends when the request has failed: the caller has gone, the deadline has passed, another branch threw, or the flow gives up.</summary>
    public CancellationToken Token
    {
        get
        {
            Watch();
            lock (_lock)
            {
                _ended ??= new CancellationTokenSource();
                if (!_hasFailed)
                {
                    return _ended.Token;
                }
            }

            _ended.Cancel();
            return _ended.Token;
        }
    }

    /// <summary>Whether the caller means an executor. A pattern that takes too long to tell fails the request, wherever it is asked.</summary>
    public bool Targets(string executor)
    {
        if (_target is null)
        {
            return true;
        }

        try
        {
            return !IsSettled && _target.Match(executor) is { Success: true, Index: 0 };
        }
        catch (RegexMatchTimeoutException)
        {
            Fail(new FlowError(FlowErrorCode.InvalidArgument, $"target_executor: '{Call.TargetExecutor}' takes too long to match."));
            return false;
        }
    }

    /// <summary>
    /// Ends it from now on when its caller goes, its deadline passes or the flow gives up. What is answered before anybody had to wait needs none of
    /// that; everything else is watched before it is waited for.
    /// </summary>
    public void Watch()
    {
        lock (_lock)
        {
            if (_isWatched || _isSettled)
            {
                return;
            }

            _isWatched = true;
            _onCallerGone = _callerGone.UnsafeRegister(static state => ((FlowRequest)state!).LoseCaller(), this);
            _onAborted = _aborted.UnsafeRegister(static state => ((FlowRequest)state!).GiveUp(), this);
            if (_limit is { } limit && limit < s_longestTimer && !_isSettled)
            {
                var left = limit - _time.GetElapsedTime(_routes.Start);
                _deadline = _time.CreateTimer(static state => ((FlowRequest)state!).Expire(), this, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            }

            // One of them had happened already.
            if (_isSettled)
            {
                Dispose();
            }
        }
    }

    /// <summary>Whether it has been answered, or is now because nobody waits any more; for who has looked at the clock anyway.</summary>
    /// <param name="now">The time.</param>
    public bool HasEnded(long now)
    {
        if (_callerGone.IsCancellationRequested || _aborted.IsCancellationRequested)
        {
            Watch();
        }
        else if (_limit is { } limit && _time.GetElapsedTime(_routes.Start, now) >= limit)
        {
            Expire();
        }

        return IsSettled;
    }

    /// <summary>What an executor may know of it.</summary>
    /// <param name="now">When it asks.</param>
    public RequestContext Context(long now)
    {
        var left = _limit - _time.GetElapsedTime(_routes.Start, now);
        return new RequestContext(Call.Endpoint, left < TimeSpan.Zero ? TimeSpan.Zero : left);
    }

    /// <summary>A number for a document of a stream.</summary>
    public int NextStreamIndex() => Interlocked.Increment(ref _streamIndex);

    public void PassBy(int stage) => _routes.PassBy(stage);

    public void Visit(int stage, long start, long end) => _routes.Visit(stage, start, end);

    public void FailAt(int stage, long start, FlowError error) => _routes.Fail(stage, start, error);

    public void AddResult(string executor, JsonNode? result)
    {
        lock (_lock)
        {
            (_results ??= [])[executor] = result;
        }
    }

    /// <summary>Keeps a part until all of a join's inputs have come; the last one takes them all along.</summary>
    /// <returns>All parts in the order of the inputs, or <see langword="null"/> while one is missing.</returns>
    public DocumentArray?[]? Arrive((int Join, int StreamIndex) join, int input, int inputs, DocumentArray? documents)
    {
        lock (_lock)
        {
            _joins ??= [];
            if (!_joins.TryGetValue(join, out var slot))
            {
                _joins[join] = slot = new JoinSlot(new DocumentArray?[inputs], inputs);
            }

            slot.Parts[input] = documents;
            if (--slot.Missing > 0)
            {
                return null;
            }

            _joins.Remove(join);
            return slot.Parts;
        }
    }

    /// <summary>Answers.</summary>
    /// <param name="documents">With what.</param>
    /// <param name="now">When; 0 looks at the clock.</param>
    public void Succeed(DocumentArray documents, long now = 0) => Settle(documents, null, now);

    /// <summary>
    /// Answers with an error and no documents, since another branch may still be writing them; then cancels what still works on it,
    /// in this order, so that an executor's own cancellation cannot be told as the cause.
    /// </summary>
    public void Fail(FlowError error)
    {
        if (!Settle([], error, 0))
        {
            return;
        }

        CancellationTokenSource? ended;
        lock (_lock)
        {
            _hasFailed = true;
            ended = _ended;
        }

        Stream?.Fail(error);
        try
        {
            ended?.Cancel();
        }
        catch (AggregateException)
        {
            // A callback that an executor registered threw; on the deadline's timer that would end the process.
        }
    }

    /// <summary>Says that nobody waits any more.</summary>
    public void LoseCaller() => Fail(new FlowError(FlowErrorCode.Cancelled, "The caller cancelled the request."));

    public void Dispose()
    {
        _deadline?.Dispose();
        _onCallerGone.Unregister();
        _onAborted.Unregister();
    }

    /// <summary>
    /// The reply takes the results along: an executor that is late must not write into what is being sent. Whoever has the reply
    /// finds the request's places free.
    /// </summary>
    private bool Settle(DocumentArray documents, FlowError? error, long now)
    {
        FlowReply reply;
        lock (_lock)
        {
            if (_isSettled)
            {
                return false;
            }

            Volatile.Write(ref _isSettled, true);
            reply = new FlowReply(documents, error, _routes.Close(now), _results);
            _results = null;
        }

        FlowTelemetry.Settled(_routes.Elapsed, error);
        Dispose();
        _permits.Release(_routes.Start, _routes.End);
        _reply.TrySetResult(reply);
        return true;
    }

    private void Expire() => Fail(new FlowError(FlowErrorCode.DeadlineExceeded, "The deadline passed before the flow had answered."));

    private void GiveUp() => Fail(new FlowError(FlowErrorCode.Unavailable, "The flow stopped before it had answered."));

    private static Regex ParseTarget(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, s_regexTimeout);
        }
        catch (ArgumentException exception)
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, $"target_executor: '{pattern}' is not a valid regular expression: {exception.Message}", exception);
        }
    }

    private sealed class JoinSlot(DocumentArray?[] parts, int missing)
    {
        public DocumentArray?[] Parts { get; } = parts;

        public int Missing { get; set; } = missing;
    }
}
