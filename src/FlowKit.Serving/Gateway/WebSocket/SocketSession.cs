using System.Net.WebSockets;
using System.Threading.Channels;
using FlowKit.Configuration.Gateway;
using FlowKit.Runtime;
using FlowKit.Serving.Dispatch;
using FlowKit.Serving.Gateway.Http;
using FlowKit.Serving.Gateway.Security;
using FlowKit.Wire;
using Microsoft.AspNetCore.Http;

namespace FlowKit.Serving.Gateway.WebSocket;

/// <summary>
/// Serves one socket from its opening to its end: reads requests while fewer than <c>prefetch</c> are unanswered, sends replies in the
/// order in which they are ready, and cancels what is under way when the peer goes.
/// </summary>
internal sealed class SocketSession : IDisposable
{
    private static readonly TimeSpan s_closing = TimeSpan.FromSeconds(2);

    private readonly FlowRuntime _flow;
    private readonly FlowDispatcher _dispatcher;
    private readonly ISocketCodec _codec;
    private readonly Caller? _caller;
    private readonly SocketReader _reader;
    private readonly SocketWriter _writer;
    private readonly SemaphoreSlim _places;
    private readonly Channel<(DataRequest Message, FlowError? Error)> _replies;
    private readonly CancellationTokenSource _gone;
    private readonly CancellationToken _isGone;
    private volatile bool _isEnding;

    /// <summary>The reader counts as one, so that the replies do not end before the requests.</summary>
    private int _open = 1;

    public SocketSession(
        System.Net.WebSockets.WebSocket socket,
        ISocketCodec codec,
        FlowRuntime flow,
        FlowDispatcher dispatcher,
        GatewayConfig config,
        GatewayLimits limits,
        Caller? caller,
        CancellationToken aborted)
    {
        _caller = caller;
        (_flow, _dispatcher, _codec) = (flow, dispatcher, codec);
        _reader = new SocketReader(socket, config.MaxRequestBytes, limits);
        _writer = new SocketWriter(socket, codec, limits.SocketSend);
        _places = new SemaphoreSlim(config.Prefetch);
        _replies = Channel.CreateBounded<(DataRequest, FlowError?)>(new BoundedChannelOptions(config.Prefetch) { SingleReader = true });
        _gone = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        _isGone = _gone.Token;
    }

    /// <summary>Tells whether an exception means that the socket's peer is gone.</summary>
    public static bool IsGone(Exception exception) =>
        exception is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException;

    /// <summary>Serves the socket.</summary>
    /// <param name="stopping">Ends when the gateway stops: what was read is answered, and nothing more is read.</param>
    public async Task RunAsync(CancellationToken stopping)
    {
        var sending = SendAllAsync();
        var receiving = ReceiveAllAsync();
        var watching = receiving as Task;
        try
        {
            using var stop = new StopSignal(stopping);
            await Task.WhenAny(receiving, stop.Task, sending);
            _isEnding = true;
            Leave();
            if (receiving.IsCompleted && await receiving is { } refusal)
            {
                await _writer.CloseAsync(refusal.Status, refusal.Reason);
                return;
            }

            watching = receiving.IsCompleted ? DiscardAsync() : receiving;
            await Task.WhenAny(sending, watching);
            await CloseAsync(sending.IsCompleted ? await sending : null, stopping.IsCancellationRequested);
            await Task.WhenAny(watching, Task.Delay(s_closing, CancellationToken.None));
        }
        finally
        {
            await _gone.CancelAsync();
            await Task.WhenAll(sending, receiving, watching);
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _writer.Dispose();
        _places.Dispose();
        _gone.Dispose();
    }

    private Task CloseAsync(SocketRefusal? refusal, bool isStopping)
    {
        if (refusal is not null)
        {
            return _writer.CloseAsync(refusal.Status, refusal.Reason);
        }

        return isStopping
            ? _writer.CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "The gateway stops.")
            : _writer.CloseAsync(WebSocketCloseStatus.NormalClosure, "");
    }

    /// <summary>Reads requests until the message that ends them.</summary>
    /// <returns>What is wrong with one of them; <see langword="null"/> when they ended well.</returns>
    private async Task<SocketRefusal?> ReceiveAllAsync()
    {
        try
        {
            while (true)
            {
                await _places.WaitAsync(_isGone);
                if (!await _reader.ReadAsync(_isGone))
                {
                    await _gone.CancelAsync();
                    return new SocketRefusal(WebSocketCloseStatus.NormalClosure, "");
                }

                if (_isEnding)
                {
                    _places.Release();
                    continue;
                }

                if (_codec.Read(_reader.Message.Span) is not { } request)
                {
                    return null;
                }

                if (_caller is { IsWithdrawn: true })
                {
                    return new SocketRefusal(WebSocketCloseStatus.PolicyViolation, "The key that opened this socket is no longer valid.");
                }

                Interlocked.Increment(ref _open);
                _ = AnswerAsync(request);
            }
        }
        catch (SocketRefusal refusal)
        {
            return refusal;
        }
        catch (Exception exception) when (IsGone(exception))
        {
            await _gone.CancelAsync();
            return new SocketRefusal(WebSocketCloseStatus.NormalClosure, "");
        }
    }

    /// <summary>After the end of the input only the peer's close frame is of interest: it says that nobody waits for the answers.</summary>
    private async Task DiscardAsync()
    {
        try
        {
            while (await _reader.ReadAsync(_isGone))
            {
            }
        }
        catch (Exception exception) when (IsGone(exception) || exception is SocketRefusal)
        {
            // Gone, as with a close frame.
        }
    }

    private async Task AnswerAsync(DataRequest request)
    {
        try
        {
            var reply = await CallAsync(request);
            await _replies.Writer.WriteAsync((FlowDispatcher.Answer(request, reply, request.RequestId), reply.Error), _isGone);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ChannelClosedException)
        {
            // The socket has gone, so nobody waits for this reply.
        }
        finally
        {
            Leave();
        }
    }

    private async Task<FlowResponse> CallAsync(DataRequest request)
    {
        if (!_flow.TryAdmit(out var permit, out var refusal))
        {
            return new FlowResponse([], refusal, [], null);
        }

        using (permit)
        {
            try
            {
                var call = _dispatcher.RequestOf(request, _caller, Priority.Normal, timeout: null);
                return await _dispatcher.SendAsync(request, call, permit, _isGone);
            }
            catch (FlowKitException exception)
            {
                return new FlowResponse([], exception.Error, [], null);
            }
        }
    }

    /// <summary>Sends replies until there are no more.</summary>
    /// <returns>Why the socket is to be closed; <see langword="null"/> when all were sent.</returns>
    private async Task<SocketRefusal?> SendAllAsync()
    {
        try
        {
            await foreach (var (message, error) in _replies.Reader.ReadAllAsync(_isGone))
            {
                if (error is not null
                    && HttpErrors.StatusOf(error) is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout)
                {
                    return SocketRefusal.Of(error);
                }

                await _writer.SendAsync(buffer => Encode(buffer, message), _isGone);
                _places.Release();
            }

            return null;
        }
        catch (SocketRefusal refusal)
        {
            return refusal;
        }
        catch (Exception exception) when (IsGone(exception))
        {
            await _gone.CancelAsync();
            return new SocketRefusal(WebSocketCloseStatus.NormalClosure, "");
        }
    }

    /// <summary>A reply that cannot be written becomes an error; the others are none of its business.</summary>
    private void Encode(PooledBuffer buffer, DataRequest message)
    {
        try
        {
            _codec.Write(buffer, message);
        }
        catch (FlowKitException exception)
        {
            buffer.Clear();
            _codec.Write(buffer, new DataRequest
            {
                RequestId = message.RequestId,
                ExecEndpoint = message.ExecEndpoint,
                Status = WireStatus.Of(exception.Error),
            });
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            _replies.Writer.TryComplete();
        }
    }
}
