namespace FlowKit.Serving.Lines;

/// <summary>A line of a caller.</summary>
/// <param name="Socket">Its socket.</param>
/// <param name="End">Its frames, with which it is closed.</param>
internal sealed record CalledLine(CallingSocket Socket, LineEnd End);
