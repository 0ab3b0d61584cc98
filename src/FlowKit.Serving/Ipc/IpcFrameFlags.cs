namespace FlowKit.Serving.Ipc;

/// <summary>Flags of a frame.</summary>
[Flags]
internal enum IpcFrameFlags : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The body does not follow: it is at the start of the sender's memory.</summary>
    IsShared = 1,

    /// <summary>The sender has opened the other's memory: bodies may be there from now on.</summary>
    TakesShared = 2,
}
