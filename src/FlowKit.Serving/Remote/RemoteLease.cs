namespace FlowKit.Serving.Remote;

/// <summary>A call that a peer has open; disposing ends it.</summary>
internal readonly struct RemoteLease : IDisposable
{
    public RemoteLease(RemotePeer peer)
    {
        Peer = peer;
        peer.Begin();
    }

    public RemotePeer Peer { get; }

    public void Dispose() => Peer.End();
}
