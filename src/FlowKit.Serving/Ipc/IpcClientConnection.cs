namespace FlowKit.Serving.Ipc;

/// <summary>A connection of a caller.</summary>
/// <param name="Socket">Its socket.</param>
/// <param name="Frames">Its frames, with which it is closed.</param>
internal sealed record IpcClientConnection(IpcClientSocket Socket, IpcConnection Frames);
