using System.IO.Compression;
using Grpc.Net.Compression;

namespace FlowKit.Wire.Grpc;

/// <summary>Compresses as another does, and stops unpacking at a limit: a few bytes may claim to become gigabytes.</summary>
/// <param name="inner">The algorithm.</param>
/// <param name="limit">The largest message in bytes after it is unpacked.</param>
/// <param name="limitsRatio">Whether <see cref="UnpackingRatio"/> holds, as for all that a stranger sends.</param>
internal sealed class BoundedCompressionProvider(ICompressionProvider inner, int limit, bool limitsRatio) : ICompressionProvider
{
    public string EncodingName => inner.EncodingName;

    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) =>
        inner.CreateCompressionStream(stream, compressionLevel);

    public Stream CreateDecompressionStream(Stream stream)
    {
        var packed = limitsRatio ? new CountedStream(stream) : null;
        return new BoundedStream(inner.CreateDecompressionStream(packed ?? stream), packed, inner.EncodingName, limit);
    }
}
