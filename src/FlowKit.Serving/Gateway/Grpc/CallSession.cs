using System.Globalization;
using System.Threading.Channels;
using FlowKit.Configuration.Gateway;
using FlowKit.Runtime;
using FlowKit.Serving.Grpc;
using FlowKit.Wire;
using FlowKit.Wire.Grpc;
using FlowKit.Wire.Grpc.Jina;

namespace FlowKit.Serving.Gateway.Grpc;

/// <summary>
/// One <c>Call</c>: reads requests while fewer than <c>prefetch</c> are unanswered, and sends replies as they are ready, or in order. A
/// full flow slows the stream down; it is refused only when nothing of it is under way whose end could make room.
/// </summary>
internal sealed class CallSession(FlowRuntime flow, GatewayConfig config, IJinaCalls calls, GrpcServerCall<JinaMessage, JinaMessage> call) : IDisposable
{
    private const string InOrder = "__results_in_order__";
    private const string Prefetch = "__prefetch__";

    private readonly bool _isInOrder = bool.TryParse(call.Metadata.Find(InOrder), out var isInOrder) && isInOrder;
    private readonly int _prefetch = PrefetchOf(call.Metadata.Find(Prefetch), config);
    private readonly SemaphoreSlim _ended = new(0);
    private readonly List<Task> _open = [];
    private int _underWay;

    /// <summary>Serves the stream to its end.</summary>
    /// <exception cref="GrpcException">A request met what ends the whole stream.</exception>
    public async Task RunAsync()
    {
        call.AllowSilence();
        var replies = Channel.CreateBounded<Task<Outcome>>(new BoundedChannelOptions(_prefetch) { SingleReader = true });
        using var places = new SemaphoreSlim(_prefetch);
        using var giving = CancellationTokenSource.CreateLinkedTokenSource(call.CancellationToken);
        var reading = ReadAsync(replies.Writer, places, giving.Token);
        try
        {
            await foreach (var reply in replies.Reader.ReadAllAsync(giving.Token))
            {
                await SendAsync(await reply);
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

        call.ThrowIfStopping();
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
            throw new GrpcException(GrpcStatusCode.InvalidArgument, $"{Prefetch}: '{text}' is not a whole number of requests.");
        }

        return prefetch is 0 ? config.Capacity : Math.Min(prefetch, config.Capacity);
    }

    /// <summary>As in Jina, what ends the stream is told in a last reply that has only its id, and then in the status.</summary>
    private async Task SendAsync(Outcome outcome)
    {
        if (outcome.Error is not { } error)
        {
            await call.WriteAsync(outcome.Reply);
            return;
        }

        await call.WriteAsync(outcome.Reply);
        throw FlowCalls.Refused(error);
    }

    private async Task ReadAsync(ChannelWriter<Task<Outcome>> replies, SemaphoreSlim places, CancellationToken cancellationToken)
    {
        try
        {
            using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, call.Stopping);
            await places.WaitAsync(reading.Token);
            await foreach (var message in call.ReadAllAsync(reading.Token))
            {
                var (permit, refusal) = await AdmitAsync(cancellationToken);
                Interlocked.Increment(ref _underWay);
                var answering = refusal is null ? AnswerAsync(message, permit!, cancellationToken) : Task.FromResult(Ended(message, refusal));
                Track(_isInOrder ? replies.WriteAsync(answering, cancellationToken).AsTask() : ForwardAsync(answering, replies, cancellationToken));
                await places.WaitAsync(reading.Token);
            }
        }
        catch (OperationCanceledException) when (call.Stopping.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
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

    private static async Task ForwardAsync(Task<Outcome> answering, ChannelWriter<Task<Outcome>> replies, CancellationToken cancellationToken)
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
        try
        {
            using var place = permit;
            reply = await calls.AskAsync(message.Request, permit, call, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
            _ended.Release();
        }

        return reply.Error is { } error && !FlowCalls.IsAnswer(error) ? Ended(message, error) : new Outcome(calls.Answer(message, reply, call), null);
    }

    private static Outcome Ended(JinaMessage message, FlowError error) =>
        new(new JinaMessage(new DataRequest { RequestId = message.Request.RequestId, AlwaysWritten = DataRequestFields.None }, message.Dialect), error);

    private readonly record struct Outcome(JinaMessage Reply, FlowError? Error);
}
