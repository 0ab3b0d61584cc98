using System.Buffers;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using FlowKit.Wire;
using FlowKit.Wire.Proto;

namespace FlowKit.Client;

/// <summary>
/// An open socket: requests go out one after another, replies find their request by its id. When it breaks, every request under way fails.
/// </summary>
internal sealed class SocketLine : IAsyncDisposable
{
    private readonly ClientWebSocket _socket;
    private readonly Uri _address;
    private readonly SemaphoreSlim _sending = new(1);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<DataRequest>> _underWay = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _receiving;
    private volatile FlowError? _broken;

    public SocketLine(ClientWebSocket socket, Uri address)
    {
        (_socket, _address) = (socket, address);
        _receiving = ReceiveAllAsync();
    }

    public bool IsOpen => _broken is null && _socket.State == WebSocketState.Open;

    /// <summary>The next message; <see langword="null"/> when the gateway has closed.</summary>
    /// <exception cref="WebSocketException">The connection broke.</exception>
    public static async Task<byte[]?> ReceiveAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        var message = new ArrayBufferWriter<byte>(4096);
        ValueWebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(message.GetMemory(4096), cancellationToken);
            message.Advance(part.Count);
        }
        while (!part.EndOfMessage);

        return part.MessageType == WebSocketMessageType.Close ? null : message.WrittenSpan.ToArray();
    }

    public async Task<DataRequest> SendAsync(DataRequest request, CancellationToken cancellationToken)
    {
        var reply = new TaskCompletionSource<DataRequest>(TaskCreationOptions.RunContinuationsAsynchronously);
        _underWay[request.RequestId!] = reply;
        try
        {
            var message = new ArrayBufferWriter<byte>(4096);
            DataRequestCodec.Write(request, message);
            await SendAsync(message.WrittenMemory, cancellationToken);
            return _broken is { } error ? throw new FlowKitException(error) : await reply.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            _underWay.TryRemove(request.RequestId!, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _receiving;
        _socket.Dispose();
        _sending.Dispose();
        _closing.Dispose();
    }

    /// <summary>A message that has begun is sent whole, since a token that ends in the middle ends the socket for everybody.</summary>
    private async Task SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await _socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, _closing.Token);
        }
        catch (Exception exception)
            when (exception is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            throw new FlowKitException(
                FlowErrorCode.Unavailable, $"The connection to {_address} broke: {exception.GetBaseException().Message}", exception);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ReceiveAllAsync()
    {
        var reason = "it was closed";
        try
        {
            while (await ReceiveAsync(_socket, _closing.Token) is { } message)
            {
                var reply = DataRequestCodec.Read(message);
                if (reply.RequestId is { } id && _underWay.TryGetValue(id, out var waiting))
                {
                    waiting.TrySetResult(reply);
                }
            }

            reason = _socket.CloseStatusDescription is { Length: > 0 } told ? told : reason;
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException or FlowKitException)
        {
            reason = exception.GetBaseException().Message;
        }

        var error = _broken = new FlowError(FlowErrorCode.Unavailable, $"The connection to {_address} ended: {reason}");
        foreach (var waiting in _underWay.Values)
        {
            waiting.TrySetException(new FlowKitException(error));
        }

        _socket.Abort();
    }
}
