using System.Buffers.Binary;
using FlowKit.Conformance;
using FlowKit.Imaging.Decoding;

namespace FlowKit.Imaging.Tests;

[ConformanceOf(typeof(JpegDecoder))]
public sealed class JpegDecoderTests : PillowDecoderTests
{
    protected override ImageFormat Format => ImageFormat.Jpeg;

    /// <summary>The frame's marker, SOF0 or SOF2, is followed by its length, the precision, the height and the width.</summary>
    protected override byte[] Claim(byte[] file, int side)
    {
        var copy = file.ToArray();
        var frame = Math.Max(copy.AsSpan().IndexOf<byte>([0xFF, 0xC0]), copy.AsSpan().IndexOf<byte>([0xFF, 0xC2]));
        BinaryPrimitives.WriteUInt16BigEndian(copy.AsSpan(frame + 5), (ushort)side);
        BinaryPrimitives.WriteUInt16BigEndian(copy.AsSpan(frame + 7), (ushort)side);
        return copy;
    }
}
