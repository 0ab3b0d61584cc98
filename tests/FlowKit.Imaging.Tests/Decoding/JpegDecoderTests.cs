using System.Buffers.Binary;
using FlowKit.Conformance;
using FlowKit.Imaging.Decoding;

namespace FlowKit.Imaging.Tests;

[ConformanceOf(typeof(JpegDecoder))]
public sealed class JpegDecoderTests : PillowDecoderTests
{
    protected override ImageFormat Format => ImageFormat.Jpeg;

    [Fact]
    public void A_cut_file_with_a_whole_thumbnail_ends_early()
    {
        var photo = Golden.First(static golden => golden.Name == "jpeg rgb").File;
        byte[] thumbnail = [0xFF, 0xE1, 0, 0, .. photo];
        BinaryPrimitives.WriteUInt16BigEndian(thumbnail.AsSpan(2), (ushort)(thumbnail.Length - 2));
        byte[] whole = [.. photo[..2], .. thumbnail, .. photo[2..]];

        foreach (var length in (int[])[thumbnail.Length / 2, thumbnail.Length + 2, whole.Length / 2, whole.Length - 2])
        {
            var error = Assert.Throws<FlowKitException>(() => ImageDecoder.Decode(whole.AsSpan(0, length)));
            Assert.Equal("The JPEG data ends early.", error.Message);
        }

        ImageDecoder.Decode(whole).Dispose();
    }

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
