namespace FlowKit.Wire.Grpc;

/// <summary>How messages are compressed.</summary>
public enum GrpcEncoding
{
    /// <summary>Not at all.</summary>
    Identity,

    /// <summary>zlib (RFC 1950), which gRPC calls deflate.</summary>
    Deflate,

    /// <summary>gzip (RFC 1952).</summary>
    Gzip,
}
