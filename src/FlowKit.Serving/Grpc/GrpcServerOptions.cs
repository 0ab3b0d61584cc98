using FlowKit.Wire.Grpc;

namespace FlowKit.Serving.Grpc;

/// <summary>What a gRPC server accepts.</summary>
internal sealed record GrpcServerOptions
{
    /// <summary>The largest message that is taken, in bytes.</summary>
    public int MaxReceiveBytes { get; init; } = 256 << 20;

    /// <summary>The largest message that is sent, in bytes.</summary>
    public int MaxSendBytes { get; init; } = int.MaxValue;

    /// <summary>How replies are compressed for callers that accept it.</summary>
    public GrpcEncoding Encoding { get; init; }

    /// <summary>Ends when the server stops: streams that could go on for ever end then.</summary>
    public CancellationToken Stopping { get; init; }

    /// <summary>The clock of deadlines.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
