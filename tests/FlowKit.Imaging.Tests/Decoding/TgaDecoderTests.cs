using System.Buffers.Binary;
using FlowKit.Conformance;
using FlowKit.Imaging.Decoding;

namespace FlowKit.Imaging.Tests;

[ConformanceOf(typeof(TgaDecoder))]
public sealed class TgaDecoderTests : PillowDecoderTests
{
    protected override ImageFormat Format => ImageFormat.Tga;

    /// <summary>Width and height stand in the middle of the header.</summary>
    protected override byte[] Claim(byte[] file, int side)
    {
        var copy = file.ToArray();
        BinaryPrimitives.WriteUInt16LittleEndian(copy.AsSpan(12), (ushort)side);
        BinaryPrimitives.WriteUInt16LittleEndian(copy.AsSpan(14), (ushort)side);
        return copy;
    }
}
