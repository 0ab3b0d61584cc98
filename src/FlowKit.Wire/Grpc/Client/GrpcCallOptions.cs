namespace FlowKit.Wire.Grpc.Client;

/// <summary>What one call says beside its messages.</summary>
public sealed record GrpcCallOptions
{
    /// <summary>Nothing.</summary>
    public static GrpcCallOptions None { get; } = new();

    /// <summary>Metadata sent with the call.</summary>
    public GrpcMetadata? Metadata { get; init; }

    /// <summary>How long the whole call may take; the server is told. <see langword="null"/> for as long as it takes.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How this side's messages are compressed.</summary>
    public GrpcEncoding Encoding { get; init; }
}
