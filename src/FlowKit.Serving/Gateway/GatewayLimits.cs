namespace FlowKit.Serving.Gateway;

/// <summary>How patient the gateway is with slow peers.</summary>
internal sealed record GatewayLimits
{
    /// <summary>Bytes a second that a body must bring after its grace.</summary>
    public const double SlowestBody = 240;

    /// <summary>How long a request's headers may take.</summary>
    public TimeSpan Headers { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a body may stay under 240 bytes a second.</summary>
    public TimeSpan BodyGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the reader of a WebSocket may keep a reply waiting.</summary>
    public TimeSpan SocketSend { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a silent WebSocket is asked whether it is still there, and how long it has to answer.</summary>
    public TimeSpan SocketPing { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Time, for files that are read again.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
