using System.Net.WebSockets;
using FlowKit.Runtime;
using FlowKit.Wire;

namespace FlowKit.Serving.Gateway.WebSocket;

/// <summary>Puts messages together: of limited size, and once begun not slower than a body may be.</summary>
/// <param name="socket">The socket.</param>
/// <param name="most">Bytes that a message may have.</param>
/// <param name="limits">How slow it may be.</param>
/// <param name="share">Pays for it.</param>
internal sealed class SocketReader(
    System.Net.WebSockets.WebSocket socket, long most, GatewayLimits limits, MemoryShare share) : IDisposable
{
    private const int SmallMessage = 64 * 1024;
    private const int Part = 4096;
    private const string Purpose = "A message";

    private PooledBuffer _message = new(Part, share, Purpose);

    /// <summary>The message that was read last.</summary>
    public ReadOnlyMemory<byte> Message => _message.Written;

    /// <summary>Reads a message.</summary>
    /// <param name="cancellationToken">Ends the reading, and with it the socket.</param>
    /// <returns>Whether there was one; the peer has closed otherwise.</returns>
    /// <exception cref="SocketRefusal">It is too large, or there is no memory for it.</exception>
    public async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        Begin();
        var part = await socket.ReceiveAsync(_message.GetMemory(Part), cancellationToken);
        var begun = limits.Time.GetTimestamp();
        while (part.MessageType != WebSocketMessageType.Close)
        {
            await AddAsync(part.Count, cancellationToken);
            if (_message.Written.Length > most)
            {
                throw new SocketRefusal(WebSocketCloseStatus.MessageTooBig, $"The message is larger than max_request_size: {most} bytes.");
            }

            if (part.EndOfMessage)
            {
                return true;
            }

            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Rest(begun));
            part = await socket.ReceiveAsync(_message.GetMemory(Part), patience.Token);
        }

        return false;
    }

    /// <summary>Lets go of a large message that has been read: its documents are made, and another may be long in coming.</summary>
    public void Forget() => Begin();

    public void Dispose() => _message.Dispose();

    private async ValueTask AddAsync(int count, CancellationToken cancellationToken)
    {
        try
        {
            await _message.AdvanceAsync(count, cancellationToken);
        }
        catch (FlowKitException exception)
        {
            throw SocketRefusal.OfInput(exception.Error);
        }
    }

    private TimeSpan Rest(long begun)
    {
        var rest = limits.BodyGrace + TimeSpan.FromSeconds(
            _message.Written.Length / GatewayLimits.SlowestBody) - limits.Time.GetElapsedTime(begun);
        return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
    }

    /// <summary>A socket may live for days after one large message.</summary>
    private void Begin()
    {
        if (_message.Written.Length > SmallMessage)
        {
            _message.Dispose();
            _message = new PooledBuffer(Part, share, Purpose);
        }

        _message.Clear();
    }
}
