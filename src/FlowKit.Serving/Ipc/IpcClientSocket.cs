using System.Net.Sockets;

namespace FlowKit.Serving.Ipc;

/// <summary>The caller's side: nothing blocks a thread, except the wait for an answer that is expected at once.</summary>
internal sealed class IpcClientSocket : IIpcSocket
{
    private const int MaxMicroseconds = 1000;

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public int? Peer => PeerProcess.Of(_socket);

    public ValueTask ConnectAsync(string path, CancellationToken cancellationToken) =>
        _socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        _socket.SendAsync(bytes, cancellationToken);

    public ValueTask<int> ReceiveAsync(Memory<byte> target, CancellationToken cancellationToken) =>
        _socket.ReceiveAsync(target, cancellationToken);

    /// <summary>Waits on this thread for at most 1 ms: the system wakes it itself, and not two others one after the other.</summary>
    public void WaitHere() => _socket.Poll(MaxMicroseconds, SelectMode.SelectRead);

    public void Dispose() => _socket.Dispose();
}
