using System.Net.WebSockets;
using FlowKit.Runtime;
using FlowKit.Wire;

namespace FlowKit.Serving.Gateway.WebSocket;

/// <summary>Sends messages and the close frame one after another, never waiting longer for a reader than is allowed.</summary>
internal sealed class SocketWriter(
    System.Net.WebSockets.WebSocket socket, ISocketCodec codec, TimeSpan patience, MemoryShare share) : IDisposable
{
    private const int FirstSize = 4096;
    private const int MaxFrame = 1 << 20;

    private readonly SemaphoreSlim _turn = new(1);
    private bool _isClosed;

    public async Task SendAsync(Action<PooledBuffer> write, CancellationToken cancellationToken)
    {
        using var message = new PooledBuffer(FirstSize, share, "The reply");
        write(message);
        await InTurnAsync(limit => SendAsync(message.Written, limit), cancellationToken);
    }

    /// <summary>Sends the close frame, if none is sent yet.</summary>
    public async Task CloseAsync(WebSocketCloseStatus status, string reason)
    {
        try
        {
            await InTurnAsync(limit => new ValueTask(CloseOnceAsync(status, reason, limit)), CancellationToken.None);
        }
        catch (Exception exception) when (SocketSession.IsGone(exception))
        {
            socket.Abort();
        }
    }

    /// <summary>Sends a large message in several frames, since each is copied as a whole.</summary>
    private async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken limit)
    {
        for (; message.Length > MaxFrame; message = message[MaxFrame..])
        {
            await socket.SendAsync(message[..MaxFrame], codec.Type, endOfMessage: false, limit);
        }

        await socket.SendAsync(message, codec.Type, endOfMessage: true, limit);
    }

    public void Dispose() => _turn.Dispose();

    private Task CloseOnceAsync(WebSocketCloseStatus status, string reason, CancellationToken limit)
    {
        if (_isClosed || socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
        {
            return Task.CompletedTask;
        }

        _isClosed = true;
        return socket.CloseOutputAsync(status, reason, limit);
    }

    private async Task InTurnAsync(Func<CancellationToken, ValueTask> send, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        await _turn.WaitAsync(limit.Token);
        try
        {
            await send(limit.Token);
        }
        finally
        {
            _turn.Release();
        }
    }
}
