namespace FlowKit.Serving.Remote;

/// <summary>A call's place at a peer; disposing ends it.</summary>
internal readonly struct RemoteTurn : IDisposable
{
    public RemoteTurn(RemotePeer peer)
    {
        Peer = peer;
        peer.Begin();
    }

    public RemotePeer Peer { get; }

    public void Dispose() => Peer.End();
}
