using System.Net.Sockets;

namespace FlowKit.Serving.Ipc;

/// <summary>The worker's side: a thread of its own blocks in it. Nothing is pending when a method returns.</summary>
internal sealed class IpcServerSocket(Socket socket) : IIpcSocket
{
    public int? Peer => PeerProcess.Of(socket);

    /// <summary>Returns whether the other side has closed; what it sent before counts as not yet closed.</summary>
    public bool IsClosedByPeer => socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0;

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => new(socket.Send(bytes.Span));

    public ValueTask<int> ReceiveAsync(Memory<byte> target, CancellationToken cancellationToken) => new(socket.Receive(target.Span));

    public void Dispose() => socket.Dispose();
}
