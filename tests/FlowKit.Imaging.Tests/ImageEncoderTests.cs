namespace FlowKit.Imaging.Tests;

public sealed class ImageEncoderTests
{
    [Fact]
    public void A_png_comes_back_as_it_was()
    {
        var pixels = new byte[31 * 17 * 3];
        new Random(1).NextBytes(pixels);
        using var image = ImageDecoder.Decode(ImageEncoder.EncodePng(new RgbImage(31, 17, pixels)));
        Assert.Equal(pixels, image.Pixels.ToArray());
    }

    [Fact]
    public void A_jpeg_comes_back_nearly_as_it_was()
    {
        using var image = ImageDecoder.Decode(ImageEncoder.EncodeJpeg(RgbImage.Filled(64, 48, 200, 100, 50), 90));
        Assert.Equal((64, 48), (image.Width, image.Height));
        Assert.InRange(image.Pixels.Span[0], 197, 203);
        Assert.InRange(image.Pixels.Span[2], 47, 53);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void A_quality_out_of_range_is_an_error(int quality) =>
        Assert.Contains("1 to 100", Assert.Throws<FlowKitException>(() => ImageEncoder.EncodeJpeg(RgbImage.Filled(1, 1, 0, 0, 0), quality)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(900, 700, 448, 900, 700)]
    [InlineData(1000, 900, 448, 500, 450)]
    [InlineData(4000, 4000, 448, 500, 500)]
    public void A_scaled_decode_keeps_the_shorter_side_that_is_asked_for(int width, int height, int shortSide, int newWidth, int newHeight)
    {
        using var image = ImageDecoder.Decode(ImageEncoder.EncodeJpeg(RgbImage.Filled(width, height, 1, 2, 3)), new ImageDecodeOptions { ScaledShortSide = shortSide });
        Assert.Equal((newWidth, newHeight), (image.Width, image.Height));
    }

    [Fact]
    public void An_image_whose_bytes_do_not_fit_its_size_is_an_error() =>
        Assert.Contains("needs 12 bytes", Assert.Throws<FlowKitException>(() => new RgbImage(2, 2, new byte[11])).Message, StringComparison.Ordinal);
}
