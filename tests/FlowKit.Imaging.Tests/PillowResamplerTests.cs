namespace FlowKit.Imaging.Tests;

public sealed class PillowResamplerTests
{
    [Theory]
    [InlineData(512, 340, 337, 224)]
    [InlineData(17, 31, 5, 64)]
    [InlineData(1, 1, 224, 224)]
    [InlineData(1, 5000, 8, 300)]
    [InlineData(3000, 2, 40, 90)]
    [InlineData(224, 224, 224, 224)]
    public void The_vector_passes_give_the_bits_of_the_plain_algorithm(int width, int height, int newWidth, int newHeight)
    {
        foreach (var filter in Enum.GetValues<ResampleFilter>())
        {
            using var image = Noise(width, height);
            var actual = new byte[newWidth * newHeight * 3];
            PillowResampler.Resize(image, new PixelWindow(width, newWidth, 0, newWidth), new PixelWindow(height, newHeight, 0, newHeight), filter, actual);
            Assert.Equal(PlainResize.Of(image, newWidth, newHeight, filter), actual);
        }
    }

    [Fact]
    public void A_window_is_the_part_of_the_whole_result()
    {
        using var image = Noise(512, 340);
        var whole = PlainResize.Of(image, 337, 224, ResampleFilter.Bicubic);
        var window = new byte[100 * 50 * 3];
        PillowResampler.Resize(image, new PixelWindow(512, 337, 57, 100), new PixelWindow(340, 224, 13, 50), ResampleFilter.Bicubic, window);
        for (var y = 0; y < 50; y++)
        {
            Assert.Equal(whole.AsSpan((((13 + y) * 337) + 57) * 3, 300).ToArray(), window.AsSpan(y * 300, 300).ToArray());
        }
    }

    [Fact]
    public void Windows_that_do_not_fit_are_refused()
    {
        using var image = Noise(4, 4);
        Assert.Throws<ArgumentException>(() => PillowResampler.Resize(image, new PixelWindow(5, 2, 0, 2), new PixelWindow(4, 2, 0, 2), ResampleFilter.Bicubic, new byte[12]));
        Assert.Throws<ArgumentException>(() => PillowResampler.Resize(image, new PixelWindow(4, 2, 0, 2), new PixelWindow(4, 2, 0, 2), ResampleFilter.Bicubic, new byte[11]));
    }

    private static RgbImage Noise(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        new Random(width + height).NextBytes(pixels);
        return new RgbImage(width, height, pixels);
    }
}
