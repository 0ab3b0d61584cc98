using System.IO.Compression;
using Grpc.Net.Compression;

namespace FlowKit.Wire.Grpc;

/// <summary>The ways in which messages are compressed: gzip (RFC 1952) and deflate, which is zlib (RFC 1950) in gRPC.</summary>
public static class GrpcCompression
{
    /// <summary>Returns what compresses and unpacks messages of a server or a client.</summary>
    /// <param name="limit">The largest message in bytes after it is unpacked.</param>
    /// <param name="limitsRatio">
    /// Whether a message of more than 1 MiB may unpack to at most 200 times its size, as for all that a stranger sends.
    /// </param>
    public static IList<ICompressionProvider> Providers(int limit, bool limitsRatio = false) =>
    [
        new BoundedCompressionProvider(new DeflateCompressionProvider(CompressionLevel.Fastest), limit, limitsRatio),
        new BoundedCompressionProvider(new GzipCompressionProvider(CompressionLevel.Fastest), limit, limitsRatio),
    ];

    /// <summary>Returns the algorithm of a name in YAML; <see langword="null"/> for a name that means none.</summary>
    /// <param name="name"><c>gzip</c>, <c>deflate</c>, or anything else for none.</param>
    public static string? AlgorithmOf(string? name) => name is "gzip" or "deflate" ? name : null;
}
