using System.Buffers.Binary;
using FlowKit.Conformance;
using FlowKit.Imaging.Decoding;

namespace FlowKit.Imaging.Tests;

[ConformanceOf(typeof(GifDecoder))]
public sealed class GifDecoderTests : PillowDecoderTests
{
    protected override ImageFormat Format => ImageFormat.Gif;

    /// <summary>The screen's width and height, and those of the first frame, which count where the screen's are absurd.</summary>
    protected override byte[] Claim(byte[] file, int side)
    {
        var copy = file.ToArray();
        var frame = copy.AsSpan().IndexOf<byte>([0x2C, 0, 0, 0, 0]);
        foreach (var place in (int[])[6, 8, frame + 5, frame + 7])
        {
            BinaryPrimitives.WriteUInt16LittleEndian(copy.AsSpan(place), (ushort)side);
        }

        return copy;
    }
}
