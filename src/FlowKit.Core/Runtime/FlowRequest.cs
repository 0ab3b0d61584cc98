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

    private readonly TaskCompletionSource<FlowReply> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly List<RouteTiming> _routes = [];
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ended;
    private readonly CancellationTokenRegistration _onEnded;
    private readonly CancellationToken _callerGone;
    private readonly CancellationToken _aborted;
    private readonly Regex? _target;
    private readonly DateTimeOffset _start;
    private Dictionary<int, JoinSlot>? _joins;
    private JsonObject? _results;

    public FlowRequest(FlowCall call, TimeProvider time, TimeSpan? timeout, CancellationToken callerGone, CancellationToken aborted)
    {
        Call = call;
        _time = time;
        _start = time.GetUtcNow();
        _callerGone = callerGone;
        _aborted = aborted;
        _target = call.TargetExecutor.Length == 0 ? null : ParseTarget(call.TargetExecutor);
        _ended = CancellationTokenSource.CreateLinkedTokenSource(callerGone, aborted);
        Token = _ended.Token;
        _onEnded = Token.UnsafeRegister(static state => ((FlowRequest)state!).GiveUp(), this);
        Deadline = timeout is { } limit ? time.CreateTimer(static state => ((FlowRequest)state!).Expire(), this, limit, Timeout.InfiniteTimeSpan) : null;
    }

    public FlowCall Call { get; }

    /// <summary>Ends when the caller has gone, the deadline has passed or the flow gives up.</summary>
    public CancellationToken Token { get; }

    public Task<FlowReply> Reply => _reply.Task;

    public bool IsSettled => _reply.Task.IsCompleted;

    private ITimer? Deadline { get; }

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

    /// <summary>Answers with an error and no documents: another branch may still be writing them.</summary>
    public void Fail(FlowError error) => Settle([], error);

    public void Dispose()
    {
        Deadline?.Dispose();
        _onEnded.Dispose();
        _ended.Dispose();
    }

    private void Settle(DocumentArray documents, FlowError? error)
    {
        var now = _time.GetUtcNow();
        FlowReply reply;
        lock (_lock)
        {
            if (IsSettled)
            {
                return;
            }

            List<RouteTiming> routes = [new RouteTiming(Graph.FlowGraph.Origin, _start, now), .. _routes];
            reply = new FlowReply(documents, error, routes, _results);
        }

        if (_reply.TrySetResult(reply))
        {
            Telemetry.FlowTelemetry.Settled(now - _start, error);
        }
    }

    /// <summary>Settles before cancelling, so that the executor's own cancellation cannot be told as the cause.</summary>
    private void Expire()
    {
        Fail(new FlowError(FlowErrorCode.DeadlineExceeded, "The deadline passed before the flow had answered."));
        try
        {
            _ended.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The request was answered and disposed while the timer fired.
        }
    }

    private void GiveUp()
    {
        if (_aborted.IsCancellationRequested && !_callerGone.IsCancellationRequested)
        {
            Fail(new FlowError(FlowErrorCode.Unavailable, "The flow stopped before it had answered."));
        }
        else
        {
            Fail(new FlowError(FlowErrorCode.Cancelled, "The caller cancelled the request."));
        }
    }

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
