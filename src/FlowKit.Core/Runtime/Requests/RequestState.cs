using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Routing.Shards;
using FlowKit.Telemetry;
using FlowKit.Telemetry.Jina;

namespace FlowKit.Runtime.Requests;

/// <summary>
/// An admitted request on its way. It carries its own reply, so no stage knows who asked; whoever settles it first wins,
/// and every part of it that is still in a channel is dropped when it is next read.
/// </summary>
internal sealed class RequestState : IDisposable
{
    private readonly TaskCompletionSource<FlowResponse> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly RouteMarks _routes;
    private readonly TargetPattern _target;

    // Made when someone asks for the token. Never disposed: an executor that ignores its cancellation may still hold it, and it has no
    // timer.
    private CancellationTokenSource? _ended;
    private RequestPermits _permits;
    private RequestWatch _watch;
    private JoinSlots _joins;
    private JsonObject? _results;
    private int _streamIndex;
    private volatile Outcome _outcome;

    public RequestState(
        FlowRequest call,
        IReadOnlyList<string> stages,
        TimeProvider time,
        TimeSpan? timeout,
        RequestPermits permits,
        CancellationToken callerGone,
        CancellationToken aborted,
        FlowStream? stream = null)
    {
        Call = call;
        Stream = stream;
        Trace = FlowTraces.Current;
        _routes = new RouteMarks(stages, time);
        _target = TargetPattern.Parse(call.TargetExecutor);
        _permits = permits;
        _watch = new RequestWatch(timeout, callerGone, aborted);
    }

    /// <summary>The states of a request.</summary>
    private enum Outcome
    {
        /// <summary>It is not answered yet.</summary>
        Open,

        /// <summary>It is answered with documents.</summary>
        Succeeded,

        /// <summary>It is answered with an error.</summary>
        Failed,
    }

    public FlowRequest Call { get; }

    /// <summary>The time at which it began.</summary>
    public long Started => _routes.Start;

    /// <summary>The activity that it belongs to; <see langword="null"/> when nobody listens.</summary>
    public Activity? Trace { get; }

    /// <summary>The names of the graph's executors, by position.</summary>
    public IReadOnlyList<string> Stages => _routes.Stages;

    /// <summary>The place where documents go as they come, when the caller asked for a stream; known before the caller can go.</summary>
    public FlowStream? Stream { get; }

    /// <summary>The memory that the request holds; its own, where no caller keeps a permit, ends with it.</summary>
    public MemoryShare? Memory
    {
        get
        {
            if (_permits.Kept is { } kept)
            {
                return kept;
            }

            lock (_lock)
            {
                return _permits.TakeMemory(IsSettled);
            }
        }
    }

    /// <summary>The gateway's instruments under Jina's names; <see langword="null"/> for what no caller waits for.</summary>
    public JinaGatewayMeter? Meter { get; init; }

    /// <summary>The journal of the flow; <see langword="null"/> where there is none.</summary>
    public FlowJournal? Journal { get; init; }

    /// <summary>Tells whether it is the part of a request that floats.</summary>
    public bool IsFloating { get; init; }

    /// <summary>The ids of the documents in the order they came, where the graph may change it.</summary>
    public IReadOnlyList<string>? Order { get; init; }

    public Task<FlowResponse> Reply => _reply.Task;

    public bool IsSettled => _outcome != Outcome.Open;

    /// <summary>
    /// Ends when the request has failed: the caller has gone, the deadline has passed, another branch threw, or the flow gives up.
    /// </summary>
    public CancellationToken Token
    {
        get
        {
            Watch();
            lock (_lock)
            {
                _ended ??= new CancellationTokenSource();
                if (_outcome != Outcome.Failed)
                {
                    return _ended.Token;
                }
            }

            _ended.Cancel();
            return _ended.Token;
        }
    }

    /// <summary>
    /// Tells whether the caller means an executor. A pattern that takes too long to tell fails the request, wherever it is asked.
    /// </summary>
    public bool Targets(string executor)
    {
        if (_target.IsAll)
        {
            return true;
        }

        try
        {
            return !IsSettled && _target.Matches(executor);
        }
        catch (RegexMatchTimeoutException)
        {
            Fail(new FlowError(FlowErrorCode.InvalidArgument, $"target_executor: '{Call.TargetExecutor}' takes too long to match."));
            return false;
        }
    }

    /// <summary>
    /// Ends it from now on when its caller goes, its deadline passes or the flow gives up. What is answered before anybody had to wait
    /// needs none of that; everything else is watched before it is waited for.
    /// </summary>
    public void Watch()
    {
        lock (_lock)
        {
            // One of the ends may have come already.
            if (!IsSettled && _watch.TryStart(this, _routes.Time) && IsSettled)
            {
                _watch.Stop();
            }
        }
    }

    /// <summary>
    /// Tells whether it has been answered, or is now because nobody waits any more; for who has looked at the clock anyway.
    /// </summary>
    /// <param name="now">The time.</param>
    public bool HasEnded(long now)
    {
        if (_watch.HasEnded)
        {
            Watch();
        }
        else if (_watch.Limit is { } limit && _routes.Time.GetElapsedTime(_routes.Start, now) >= limit)
        {
            Expire();
        }

        return IsSettled;
    }

    /// <summary>The context that an executor may know of it.</summary>
    /// <param name="now">When it asks.</param>
    public RequestContext Context(long now)
    {
        var left = _watch.Limit - _routes.Time.GetElapsedTime(_routes.Start, now);
        return new RequestContext(Call.Endpoint, left < TimeSpan.Zero ? TimeSpan.Zero : left) { Memory = Memory };
    }

    /// <summary>A number for a document of a stream.</summary>
    public int NextStreamIndex() => Interlocked.Increment(ref _streamIndex);

    /// <summary>The hops that it has made so far.</summary>
    public IReadOnlyList<RouteTiming> RoutesUntilNow() => _routes.UntilNow();

    /// <summary>Says that it passes an executor by. As in Jina, the hop has no end where the caller meant others.</summary>
    public void PassBy(int stage) => _routes.PassBy(stage, Targets(Stages[stage]));

    public void Visit(int stage, long start, long end) => _routes.Visit(stage, start, end);

    /// <summary>Says that it was at a stage in a batch.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="start">When the call began.</param>
    /// <param name="end">When it ended.</param>
    /// <param name="documents">The documents of the batch, with those of other requests.</param>
    public void VisitInBatch(int stage, long start, long end, int documents)
    {
        _routes.Visit(stage, start, end);
        if (Journal is { IsWatched: true })
        {
            _routes.NoteBatch(stage, documents);
        }
    }

    public void FailAt(int stage, long start, FlowError error) => _routes.Fail(stage, start, SecretValues.Scrub(error));

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
            return _joins.Arrive(join, input, inputs, documents);
        }
    }

    /// <summary>Answers.</summary>
    /// <param name="documents">With what.</param>
    /// <param name="now">When; 0 looks at the clock.</param>
    public void Succeed(DocumentArray documents, long now = 0) => Settle(documents, null, now);

    /// <summary>
    /// Answers with an error; then cancels what still works on it, in this order, so that an executor's own cancellation cannot be told as
    /// the cause.
    /// </summary>
    /// <param name="error">The error.</param>
    /// <param name="documents">
    /// The documents as they came to the executor that failed; <see langword="null"/> where somebody may still be writing them.
    /// </param>
    public void Fail(FlowError error, DocumentArray? documents = null)
    {
        error = SecretValues.Scrub(error);
        if (!Settle(documents is null || IsSettled ? [] : Returned(documents), error, 0))
        {
            return;
        }

        CancellationTokenSource? ended;
        lock (_lock)
        {
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

    /// <summary>Says that its time has passed.</summary>
    public void Expire() => Fail(new FlowError(FlowErrorCode.DeadlineExceeded, "The deadline passed before the flow had answered."));

    /// <summary>Says that the flow gives up.</summary>
    public void GiveUp() => Fail(new FlowError(FlowErrorCode.Unavailable, "The flow stopped before it had answered."));

    public void Dispose() => _watch.Stop();

    /// <summary>Documents that cannot be read go back to nobody: the error is told all the same.</summary>
    private DocumentArray Returned(DocumentArray documents)
    {
        try
        {
            documents.Decode(except: Call.AcceptsFormat);
            return Order is { } order ? RequestOrder.Restore(documents, order) : documents;
        }
        catch (FlowKitException)
        {
            return [];
        }
    }

    /// <summary>
    /// The reply takes the results along: an executor that is late must not write into what is being sent. Whoever has the reply
    /// finds the request's places free.
    /// </summary>
    private bool Settle(DocumentArray documents, FlowError? error, long now)
    {
        FlowResponse reply;
        lock (_lock)
        {
            if (IsSettled)
            {
                return false;
            }

            _outcome = error is null ? Outcome.Succeeded : Outcome.Failed;
            reply = new FlowResponse(documents, error, _routes.Close(now), _results);
            _results = null;
        }

        FlowTelemetry.Settled(_routes.Elapsed, error, Trace);
        Meter?.Answer(_routes.Elapsed, documents, error);
        Journal?.Note(Call, Trace, _routes, _routes.Elapsed, _routes.End, error, IsFloating);
        Dispose();
        _permits.Release(_routes.Start, _routes.End);
        _reply.TrySetResult(reply);
        return true;
    }
}
