using System.Globalization;
using System.Threading.Channels;
using FlowKit.Configuration.Gateway;
using FlowKit.Runtime;
using FlowKit.Serving.Dispatch;
using FlowKit.Serving.Grpc;
using FlowKit.Wire;
using FlowKit.Wire.Grpc;
using FlowKit.Wire.Grpc.Jina;
using Grpc.Core;

namespace FlowKit.Serving.Gateway.Grpc;

/// <summary>
/// Serves one <c>Call</c>: reads requests while fewer than <c>prefetch</c> are unanswered, and sends replies as they are ready, or in
/// order. A full flow slows the stream down; it is refused only when nothing of it is under way whose end could make room.
/// </summary>
internal sealed class CallSession(
    FlowRuntime flow, GatewayConfig config, IJinaCalls calls, GrpcCaller caller, IServerStreamWriter<JinaMessage> sender) : IDisposable
{
    private const string InOrder = "__results_in_order__";
    private const string Prefetch = "__prefetch__";

    private readonly bool _isInOrder = bool.TryParse(caller.Find(InOrder), out var isInOrder) && isInOrder;
    private readonly int _prefetch = PrefetchOf(caller.Find(Prefetch), config);
    private readonly SemaphoreSlim _ended = new(0);
    private readonly List<Task> _open = [];
    private readonly MemoryShare _share = caller.StreamShare;
    private int _underWay;

    /// <summary>Serves the stream to its end.</summary>
    /// <param name="requests">The stream of requests.</param>
    /// <param name="stopping">Ends when the server stops.</param>
    /// <exception cref="RpcException">A request met what ends the whole stream.</exception>
    public async Task RunAsync(IAsyncStreamReader<JinaMessage> requests, CancellationToken stopping)
    {
        var replies = Channel.CreateBounded<Task<Outcome>>(new BoundedChannelOptions(_prefetch) { SingleReader = true });
        using var places = new SemaphoreSlim(_prefetch);
        using var giving = CancellationTokenSource.CreateLinkedTokenSource(caller.CancellationToken);
        var reading = ReadAsync(requests, replies.Writer, places, stopping, giving.Token);
        try
        {
            await foreach (var reply in replies.Reader.ReadAllAsync(giving.Token))
            {
                var outcome = await reply;
                await SendAsync(outcome);
                _share.Return(outcome.Held);
                places.Release();
            }

            await reading;
        }
        finally
        {
            await giving.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.WhenAll(_open).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (stopping.IsCancellationRequested)
        {
            throw GrpcErrors.Stopping();
        }
    }

    public void Dispose() => _ended.Dispose();

    private static int PrefetchOf(string? text, GatewayConfig config)
    {
        if (text is null)
        {
            return config.Prefetch;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var prefetch))
        {
            throw RpcErrors.Create(StatusCode.InvalidArgument, $"{Prefetch}: '{text}' is not a whole number of requests.");
        }

        return prefetch is 0 ? config.Capacity : Math.Min(prefetch, config.Capacity);
    }

    /// <summary>As in Jina, what ends the stream is told in a last reply that has only its id, and then in the status.</summary>
    private async Task SendAsync(Outcome outcome)
    {
        await sender.WriteAsync(outcome.Reply, caller.CancellationToken);
        if (outcome.Error is { } error)
        {
            throw GrpcErrors.Of(error);
        }
    }

    private async Task ReadAsync(
        IAsyncStreamReader<JinaMessage> requests,
        ChannelWriter<Task<Outcome>> replies,
        SemaphoreSlim places,
        CancellationToken stopping,
        CancellationToken cancellationToken)
    {
        try
        {
            using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
            await places.WaitAsync(reading.Token);
            await foreach (var message in requests.ReadAllAsync(reading.Token))
            {
                var (permit, refusal) = await AdmitAsync(cancellationToken);
                Interlocked.Increment(ref _underWay);
                var answering = refusal is null
                    ? AnswerAsync(message, permit!, cancellationToken)
                    : Task.FromResult(Ended(message, refusal));
                Track(_isInOrder
                    ? replies.WriteAsync(answering, cancellationToken).AsTask()
                    : ForwardAsync(answering, replies, cancellationToken));
                await places.WaitAsync(reading.Token);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // What was read is answered; nothing more is read.
        }
        catch (Exception exception)
        {
            replies.TryComplete(exception);
            throw;
        }

        await Task.WhenAll(_open);
        replies.TryComplete();
    }

    private void Track(Task task)
    {
        if (_open.Count >= 2 * _prefetch)
        {
            _open.RemoveAll(other => other.IsCompleted);
        }

        _open.Add(task);
    }

    private static async Task ForwardAsync(
        Task<Outcome> answering, ChannelWriter<Task<Outcome>> replies, CancellationToken cancellationToken)
    {
        await answering;
        await replies.WriteAsync(answering, cancellationToken);
    }

    private async ValueTask<(AdmissionPermit? Permit, FlowError? Refusal)> AdmitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (flow.TryAdmit(out var permit, out var refusal))
            {
                return (permit, null);
            }

            if (refusal.Code != FlowErrorCode.ResourceExhausted || Volatile.Read(ref _underWay) == 0)
            {
                return (null, refusal);
            }

            await _ended.WaitAsync(cancellationToken);
        }
    }

    private async Task<Outcome> AnswerAsync(JinaMessage message, AdmissionPermit permit, CancellationToken cancellationToken)
    {
        FlowResponse reply;
        long held;
        try
        {
            using var place = permit;
            if (permit.TryTake(RequestWeight.Of(message.Request.Documents), "The content of a message") is { } refusal)
            {
                return Ended(message, refusal);
            }

            reply = await calls.InvokeAsync(message.Request, permit, caller, cancellationToken);
            held = permit.MoveTo(_share, permit.Bytes);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
            _ended.Release();
        }

        if (reply.Error is not { } error || FlowDispatcher.IsAnswer(error))
        {
            return Answer(message, reply, held);
        }

        _share.Return(held);
        return Ended(message, error);
    }

    /// <summary>Replies wait for a slow reader, so that each holds memory until it is sent.</summary>
    private Outcome Answer(JinaMessage message, FlowResponse reply, long held)
    {
        try
        {
            var answer = calls.Answer(message, reply, caller);
            var weight = FlowCalls.WeightOf(answer);
            _share.Take(weight, "The reply");
            return new Outcome(answer, null) { Held = held + weight };
        }
        catch (FlowKitException exception)
        {
            _share.Return(held);
            return Ended(message, exception.Error);
        }
    }

    private static Outcome Ended(JinaMessage message, FlowError error) =>
        new(new JinaMessage(Empty(message.Request.RequestId), message.Dialect), error);

    private static DataRequest Empty(string? id) => new() { RequestId = id, AlwaysWritten = DataRequestFields.None };

    private readonly record struct Outcome(JinaMessage Reply, FlowError? Error)
    {
        /// <summary>The bytes that it holds until it is sent.</summary>
        public long Held { get; init; }
    }
}
