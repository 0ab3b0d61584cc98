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

    public static TheoryData<string> Turned =>
        [.. PillowPicture.All.Select(static picture => picture.Name).Where(static name => name.StartsWith("tiff", StringComparison.Ordinal) && name.Contains("orientation", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Turned))]
    public void It_is_upright_whether_asked_for_or_not_and_so_is_its_header(string name)
    {
        var picture = PillowPicture.All.Single(picture => picture.Name == name);

        using var ignored = ImageDecoder.Decode(picture.File);
        using var applied = ImageDecoder.Decode(picture.File, new ImageDecodeOptions { Orientation = ExifOrientation.Apply });

        Assert.Equal((picture.Width, picture.Height), (applied.Width, applied.Height));
        Assert.Equal(ignored.Pixels.ToArray(), applied.Pixels.ToArray());
        Assert.Equal(new ImageHeader(ImageFormat.Tiff, picture.Width, picture.Height, Orientation: 1), ImageDecoder.ReadHeader(picture.File));
    }

    [Theory]
    [InlineData(262, 8, "CIE L*a*b* colours")]
    [InlineData(262, 32845, "colours of photometric interpretation 32845")]
    [InlineData(258, 12, "12-bit samples")]
    [InlineData(259, 34712, "pixels of compression 34712")]
    public void A_kind_that_is_not_supported_is_named(int tag, int value, string kind)
    {
        const int SampleFormat = 339;
        var file = PillowPicture.All.Single(static picture => picture.Name == "tiff floats, photometric 1, little").File;
        AssertUnsupported(With(With(file, 1, SampleFormat), value, tag), kind);
    }

    [Theory]
    [InlineData("tiff doubles, little", "64-bit samples")]
    [InlineData("tiff doubles, big", "64-bit samples")]
    [InlineData("tiff rgb of floats, little", "3 bands of 32-bit floating-point samples")]
    [InlineData("tiff lab, big", "CIE L*a*b* colours")]
    public void A_kind_of_pixel_that_is_not_supported_is_named(string name, string kind) =>
        AssertUnsupported(PillowPicture.All.Single(picture => picture.Name == name).File, kind);

    protected override byte[] Claim(byte[] file, int side) => With(file, side, ImageWidth, ImageLength);

    private static void AssertUnsupported(byte[] file, string kind)
    {
        var error = Assert.Throws<FlowKitException>(() => ImageDecoder.Decode(file));
        Assert.Equal($"The TIFF image has {kind}, which are not supported; save it with 8 or 16 bits of gray, RGB or CMYK.", error.Message);
    }

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
