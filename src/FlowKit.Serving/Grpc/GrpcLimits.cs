using FlowKit.Configuration.Gateway;
using FlowKit.Wire.Grpc;
using Grpc.AspNetCore.Server;

namespace FlowKit.Serving.Grpc;

/// <summary>Limits and compression of gRPC methods.</summary>
internal sealed record GrpcLimits
{
    /// <summary>The largest message that is taken, in bytes.</summary>
    public int MaxReceiveBytes { get; init; } = 256 << 20;

    /// <summary>The compression of replies to those who take it, <c>gzip</c> or <c>deflate</c>; <see langword="null"/> for none.</summary>
    public string? Compression { get; init; }

    /// <summary>Takes the limits of a listener.</summary>
    public static GrpcLimits Of(GatewayConfig config) => new()
    {
        MaxReceiveBytes = (int)Math.Min(config.MaxRequestBytes, int.MaxValue),
        Compression = GrpcCompression.AlgorithmOf(config.Compression),
    };

    /// <summary>Sets the options of the methods that are mapped next.</summary>
    public void Apply(GrpcServiceOptions options)
    {
        options.MaxReceiveMessageSize = MaxReceiveBytes;
        options.MaxSendMessageSize = null;
        options.CompressionProviders = GrpcCompression.Providers(MaxReceiveBytes, limitsRatio: true);
        options.ResponseCompressionAlgorithm = Compression;

        // Nothing is made for a call: methods are bound to the flow that they belong to.
        options.SuppressCreatingService = true;
    }
}
