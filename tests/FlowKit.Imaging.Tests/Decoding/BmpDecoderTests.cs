using System.Buffers.Binary;
using FlowKit.Conformance;
using FlowKit.Imaging.Decoding;

namespace FlowKit.Imaging.Tests;

[ConformanceOf(typeof(BmpDecoder))]
public sealed class BmpDecoderTests : PillowDecoderTests
{
    protected override ImageFormat Format => ImageFormat.Bmp;

    [Theory]
    [InlineData(28, 2, "2-bit pixels")]
    [InlineData(28, 64, "64-bit pixels")]
    [InlineData(30, 4, "24-bit pixels of compression 4")]
    [InlineData(30, 1, "24-bit pixels of compression 1")]
    public void A_kind_that_is_not_supported_is_named(int place, byte value, string kind)
    {
        var file = PillowFile.Named("bmp rgb").ToArray();
        file[place] = value;

        var error = Assert.Throws<FlowKitException>(() => ImageDecoder.Decode(file));

        Assert.Equal($"The BMP image has {kind}, which are not supported; save it with 8 or 16 bits of gray, RGB or CMYK.", error.Message);
    }

    [Theory]
    [InlineData(0xF0)]
    [InlineData(0x7F)]
    [InlineData(0x01)]
    public void A_header_of_a_size_that_none_has_is_damaged(byte highest)
    {
        var file = PillowFile.Named("bmp rgb").ToArray();
        file[17] = highest;

        var error = Assert.Throws<FlowKitException>(() => ImageDecoder.Decode(file));

        Assert.Equal((FlowErrorCode.InvalidArgument, "The BMP data is damaged."), (error.Error.Code, error.Message));
    }

    /// <summary>Width and height stand behind the file's header and the size of the picture's.</summary>
    protected override byte[] Claim(byte[] file, int side)
    {
        var copy = file.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(copy.AsSpan(18), side);
        BinaryPrimitives.WriteInt32LittleEndian(copy.AsSpan(22), side);
        return copy;
    }
}
