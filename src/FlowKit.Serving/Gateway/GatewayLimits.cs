namespace FlowKit.Serving.Gateway;

/// <summary>The time that the gateway gives to slow peers.</summary>
internal sealed record GatewayLimits
{
    /// <summary>The bytes a second that a body must reach once its grace period is over.</summary>
    public const double SlowestBody = 240;

    /// <summary>The time that a request's headers may take; 15 s.</summary>
    public TimeSpan Headers { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The time for which a body may stay under 240 bytes a second; 5 s.</summary>
    public TimeSpan BodyGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The time for which the reader of a WebSocket may keep a reply waiting; 30 s.</summary>
    public TimeSpan SocketSend { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The interval of pings to a silent WebSocket, and the time that it has to answer one; 20 s.</summary>
    public TimeSpan SocketPing { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The clock for files that are read again.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
