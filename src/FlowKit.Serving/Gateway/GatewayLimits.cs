namespace FlowKit.Serving.Gateway;

/// <summary>How patient the gateway is with slow peers.</summary>
internal sealed record GatewayLimits
{
    /// <summary>How long a request's headers may take.</summary>
    public TimeSpan Headers { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a body may stay under 240 bytes a second.</summary>
    public TimeSpan BodyGrace { get; init; } = TimeSpan.FromSeconds(5);
}
