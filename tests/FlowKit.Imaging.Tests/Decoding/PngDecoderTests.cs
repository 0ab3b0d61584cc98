using System.Buffers.Binary;
using FlowKit.Conformance;
using FlowKit.Imaging.Decoding;

namespace FlowKit.Imaging.Tests;

[ConformanceOf(typeof(PngDecoder))]
public sealed class PngDecoderTests : PillowDecoderTests
{
    protected override ImageFormat Format => ImageFormat.Png;

    /// <summary>The first chunk has the width, the height, and a checksum behind five more bytes.</summary>
    protected override byte[] Claim(byte[] file, int side)
    {
        const int Signature = 8;
        const int Chunk = 25;
        var header = file.AsSpan(Signature + 8, 13).ToArray();
        BinaryPrimitives.WriteInt32BigEndian(header, side);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), side);
        return [.. file[..Signature], .. FlowKit.Tests.PngChunk.Of("IHDR"u8, header), .. file[(Signature + Chunk)..]];
    }
}
