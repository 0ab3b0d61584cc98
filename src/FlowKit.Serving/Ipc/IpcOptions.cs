namespace FlowKit.Serving.Ipc;

/// <summary>Options of carrying bodies over a connection.</summary>
internal sealed record IpcOptions
{
    /// <summary>As FlowKit does it.</summary>
    public static IpcOptions Default { get; } = new();

    /// <summary>Bodies of this many bytes and more go through shared memory: below, the socket is faster.</summary>
    public int SharedFrom { get; init; } = 64 << 10;

    /// <summary>The bytes of shared memory that each side may take; larger bodies go through the socket. 0 for none.</summary>
    public int SharedLimit { get; init; } = 64 << 20;

    /// <summary>The time that a connection that is not used is kept, with its memory.</summary>
    public TimeSpan IdleLimit { get; init; } = TimeSpan.FromSeconds(30);
}
