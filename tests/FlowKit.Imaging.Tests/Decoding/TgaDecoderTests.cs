using System.Buffers.Binary;
using FlowKit.Conformance;
using FlowKit.Imaging.Decoding;

namespace FlowKit.Imaging.Tests;

[ConformanceOf(typeof(TgaDecoder))]
public sealed class TgaDecoderTests : PillowDecoderTests
{
    protected override ImageFormat Format => ImageFormat.Tga;

    [Fact]
    public void A_kind_that_is_not_supported_is_named()
    {
        var file = PillowFile.Named("tga gray").ToArray();
        file[16] = 24;

        var error = Assert.Throws<FlowKitException>(() => ImageDecoder.Decode(file));

        Assert.Contains("The TGA image has 24-bit pixels of kind 3, which are not supported", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a text that is no picture at all")]
    [InlineData("\0\0\u0001\0\u0001\0\u0020\u0020\0\0\u0001\0\u0020\0\u00a8\u0010\0\0")]
    [InlineData("\0\0\0\u0018ftypheic\0\0\0\0mif1heic")]
    public void Files_of_other_kinds_are_none_of_it(string bytes)
    {
        var error = Assert.Throws<FlowKitException>(() => ImageDecoder.Decode(System.Text.Encoding.Latin1.GetBytes(bytes)));
        Assert.Contains("not an image in a known format", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Width and height stand in the middle of the header.</summary>
    protected override byte[] Claim(byte[] file, int side)
    {
        var copy = file.ToArray();
        BinaryPrimitives.WriteUInt16LittleEndian(copy.AsSpan(12), (ushort)side);
        BinaryPrimitives.WriteUInt16LittleEndian(copy.AsSpan(14), (ushort)side);
        return copy;
    }
}
