namespace FlowKit.Serving.Ipc;

/// <summary>A frame that has come.</summary>
/// <param name="Header">Its header.</param>
/// <param name="Body">Its body, in memory that is its own; <see langword="null"/> for one that was larger than allowed.</param>
internal readonly record struct IpcFrame(IpcFrameHeader Header, byte[]? Body);
