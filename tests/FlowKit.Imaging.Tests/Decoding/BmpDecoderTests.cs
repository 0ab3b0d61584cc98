using System.Buffers.Binary;
using FlowKit.Conformance;
using FlowKit.Imaging.Decoding;

namespace FlowKit.Imaging.Tests;

[ConformanceOf(typeof(BmpDecoder))]
public sealed class BmpDecoderTests : PillowDecoderTests
{
    protected override ImageFormat Format => ImageFormat.Bmp;

    /// <summary>Width and height stand behind the file's header and the size of the picture's.</summary>
    protected override byte[] Claim(byte[] file, int side)
    {
        var copy = file.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(copy.AsSpan(18), side);
        BinaryPrimitives.WriteInt32LittleEndian(copy.AsSpan(22), side);
        return copy;
    }
}
