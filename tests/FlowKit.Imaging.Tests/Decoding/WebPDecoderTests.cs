using System.Buffers.Binary;
using FlowKit.Conformance;
using FlowKit.Imaging.Decoding;

namespace FlowKit.Imaging.Tests;

[ConformanceOf(typeof(WebPDecoder))]
public sealed class WebPDecoderTests : PillowDecoderTests
{
    protected override ImageFormat Format => ImageFormat.WebP;

    /// <summary>All that the format allows.</summary>
    protected override int LargestSide => 16_383;

    /// <summary>The length of the whole stands in the header, and is looked at first.</summary>
    protected override bool ReadsHeaderOfCutFile => false;

    /// <summary>Width and height less one, fourteen bits each, stand behind the signature of a lossless picture.</summary>
    protected override byte[] Claim(byte[] file, int side)
    {
        var copy = file.ToArray();
        var sizes = copy.AsSpan(copy.AsSpan().IndexOf("VP8L"u8) + 9);
        var rest = BinaryPrimitives.ReadUInt32LittleEndian(sizes) >> 28 << 28;
        BinaryPrimitives.WriteUInt32LittleEndian(sizes, rest | (uint)(side - 1) | ((uint)(side - 1) << 14));
        return copy;
    }
}
