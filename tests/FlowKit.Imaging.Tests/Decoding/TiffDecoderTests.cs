using System.Buffers.Binary;
using FlowKit.Conformance;
using FlowKit.Imaging.Decoding;

namespace FlowKit.Imaging.Tests;

[ConformanceOf(typeof(TiffDecoder))]
public sealed class TiffDecoderTests : PillowDecoderTests
{
    private const int ImageWidth = 256;
    private const int ImageLength = 257;
    private const int StripByteCounts = 279;

    protected override ImageFormat Format => ImageFormat.Tiff;

    /// <summary>The directory, which may stand behind the pixels, is the header.</summary>
    protected override bool ReadsHeaderOfCutFile => false;

    [Theory]
    [InlineData("tiff rgb")]
    [InlineData("tiff gray")]
    public void A_strip_that_claims_more_than_its_pixels_need_is_no_loss(string name)
    {
        var golden = PillowFile.Plain.Single(file => file.Name == name);

        using var image = ImageDecoder.Decode(With(golden.File, 1000, StripByteCounts));

        Assert.Equal(golden.Rgb, image.Pixels.ToArray());
    }

    protected override byte[] Claim(byte[] file, int side) => With(file, side, ImageWidth, ImageLength);

    private static byte[] With(byte[] file, int value, params int[] tags)
    {
        const int Entry = 12;
        const int Long = 4;
        var copy = file.ToArray();
        var directory = BinaryPrimitives.ReadInt32LittleEndian(copy.AsSpan(4));
        for (var index = 0; index < BinaryPrimitives.ReadUInt16LittleEndian(copy.AsSpan(directory)); index++)
        {
            var entry = copy.AsSpan(directory + 2 + (index * Entry), Entry);
            if (tags.Contains(BinaryPrimitives.ReadUInt16LittleEndian(entry)))
            {
                BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], Long);
                BinaryPrimitives.WriteInt32LittleEndian(entry[8..], value);
            }
        }

        return copy;
    }
}
