using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

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
    private readonly List<RouteTiming> _routes = [];
    private readonly TimeProvider _time;

    // Never disposed: an executor that ignores its cancellation may still hold the token, and it has no timer to free.
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenRegistration _onCallerGone;
    private readonly CancellationTokenRegistration _onAborted;
    private readonly ITimer? _deadline;
    private readonly Regex? _target;
    private readonly DateTimeOffset _start;
    private Dictionary<int, JoinSlot>? _joins;
    private JsonObject? _results;

    public FlowRequest(FlowCall call, TimeProvider time, TimeSpan? timeout, CancellationToken callerGone, CancellationToken aborted)
    {
        Call = call;
        _time = time;
        _start = time.GetUtcNow();
        _target = call.TargetExecutor.Length == 0 ? null : ParseTarget(call.TargetExecutor);
        _onCallerGone = callerGone.UnsafeRegister(static state => ((FlowRequest)state!).LoseCaller(), this);
        _onAborted = aborted.UnsafeRegister(static state => ((FlowRequest)state!).GiveUp(), this);
        _deadline = timeout is { } limit && limit != Timeout.InfiniteTimeSpan && limit < s_longestTimer
            ? time.CreateTimer(static state => ((FlowRequest)state!).Expire(), this, limit > TimeSpan.Zero ? limit : TimeSpan.Zero, Timeout.InfiniteTimeSpan)
            : null;
    }

    public FlowCall Call { get; }

    /// <summary>Ends when the request has failed: the caller has gone, the deadline has passed, another branch threw, or the flow gives up.</summary>
    public CancellationToken Token => _ended.Token;

    public Task<FlowReply> Reply => _reply.Task;

    public bool IsSettled => _reply.Task.IsCompleted;

    public bool Targets(string executor) => _target is null || _target.Match(executor) is { Success: true, Index: 0 };

    public void AddRoute(RouteTiming route)
    {
        lock (_lock)
        {
            _routes.Add(route);
        }
    }

    public void AddResult(string executor, JsonNode? result)
    {
        lock (_lock)
        {
            (_results ??= [])[executor] = result;
        }
    }

    /// <summary>Keeps a part until all of a join's inputs have come; the last one takes them all along.</summary>
    /// <returns>All parts in the order of the inputs, or <see langword="null"/> while one is missing.</returns>
    public DocumentArray[]? Arrive(int join, int input, int inputs, DocumentArray documents)
    {
        lock (_lock)
        {
            _joins ??= [];
            if (!_joins.TryGetValue(join, out var slot))
            {
                _joins[join] = slot = new JoinSlot(new DocumentArray[inputs], inputs);
            }

            slot.Parts[input] = documents;
            slot.Missing--;
            return slot.Missing == 0 ? slot.Parts : null;
        }
    }

    public void Succeed(DocumentArray documents) => Settle(documents, null);

    /// <summary>
    /// Answers with an error and no documents, since another branch may still be writing them; then cancels what still works on it,
    /// in this order, so that an executor's own cancellation cannot be told as the cause.
    /// </summary>
    public void Fail(FlowError error)
    {
        if (!Settle([], error))
        {
            return;
        }

        try
        {
            _ended.Cancel();
        }
        catch (AggregateException)
        {
            // A callback that an executor registered threw; on the deadline's timer that would end the process.
        }
    }

    public void Dispose()
    {
        _deadline?.Dispose();
        _onCallerGone.Unregister();
        _onAborted.Unregister();
    }

    /// <summary>The reply takes the results along: an executor that is late must not write into what is being sent.</summary>
    private bool Settle(DocumentArray documents, FlowError? error)
    {
        var now = _time.GetUtcNow();
        lock (_lock)
        {
            if (IsSettled)
            {
                return false;
            }

            List<RouteTiming> routes = [new RouteTiming(Graph.FlowGraph.Origin, _start, now), .. _routes];
            _reply.TrySetResult(new FlowReply(documents, error, routes, _results));
            _results = null;
        }

        Telemetry.FlowTelemetry.Settled(now - _start, error);
        return true;
    }

    private void Expire() => Fail(new FlowError(FlowErrorCode.DeadlineExceeded, "The deadline passed before the flow had answered."));

    private void LoseCaller() => Fail(new FlowError(FlowErrorCode.Cancelled, "The caller cancelled the request."));

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

    private sealed class JoinSlot(DocumentArray[] parts, int missing)
    {
        public DocumentArray[] Parts { get; } = parts;

        public int Missing { get; set; } = missing;
    }
}
