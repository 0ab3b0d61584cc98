using System.Net;
using System.Net.Sockets;

namespace FlowKit.Serving.Grpc;

/// <summary>A peer that is there for TCP and never says a word.</summary>
internal sealed class SilentPeer : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _waiting = [];

    private SilentPeer(int backlog)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(backlog);
        Endpoint = (IPEndPoint)_listener.LocalEndPoint!;
    }

    public IPEndPoint Endpoint { get; }

    public int Port => Endpoint.Port;

    /// <summary>Connections are made, since the system makes them, and nobody answers.</summary>
    public static SilentPeer Accepting() => new(backlog: 128);

    /// <summary>No connection is made any more: the backlog is full, and the system drops whoever comes, as a host that is gone would.</summary>
    public static async Task<SilentPeer> FullAsync()
    {
        const int Places = 4;
        var peer = new SilentPeer(backlog: 0);
        for (var index = 0; index < Places; index++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            peer._waiting.Add(socket);
            await Task.WhenAny(socket.ConnectAsync(peer.Endpoint), Task.Delay(TimeSpan.FromMilliseconds(100)));
        }

        return peer;
    }

    public void Dispose()
    {
        _waiting.ForEach(socket => socket.Dispose());
        _listener.Dispose();
    }
}
