namespace FlowKit.Imaging.Tests;

/// <summary>A picture that comes row by row gives the same bits as one that is there.</summary>
public sealed class RowResamplerTests
{
    [Theory]
    [InlineData(512, 340, 1)]
    [InlineData(512, 340, 3)]
    [InlineData(512, 340, 32)]
    [InlineData(31, 700, 32)]
    [InlineData(1, 50, 7)]
    public void The_strips_that_rows_come_in_do_not_matter(int width, int height, int strip)
    {
        var pixels = new byte[width * height * 3];
        new Random(width + height).NextBytes(pixels);
        var (columns, rows) = (new PixelWindow(width, 24, 2, 20), new PixelWindow(height, 30, 3, 20));
        var expected = new byte[20 * 20 * 3];
        PillowResampler.Resize(new RgbImage(width, height, pixels), columns, rows, ResampleFilter.Bicubic, expected);

        using var resampler = new RowResampler(columns, rows, ResampleFilter.Bicubic);
        for (var row = 0; row < height; row += strip)
        {
            var count = Math.Min(strip, height - row);
            resampler.Add(row, count, pixels.AsSpan(row * width * 3, count * width * 3));
        }

        var actual = new byte[expected.Length];
        resampler.Finish(actual);

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void A_picture_that_is_too_long_and_narrow_is_refused_in_words()
    {
        var wide = Assert.Throws<FlowKitException>(() => new RowResampler(new PixelWindow(500_000_000, 224, 0, 224), new PixelWindow(1, 224, 0, 224), ResampleFilter.Bicubic));
        var high = Assert.Throws<FlowKitException>(() => new RowResampler(new PixelWindow(1, 224, 0, 224), new PixelWindow(100_000_000, 224, 0, 224), ResampleFilter.Bilinear));

        Assert.All([wide, high], refused => Assert.Equal(FlowErrorCode.InvalidArgument, refused.Error.Code));
        Assert.All([wide, high], refused => Assert.Contains("too long and narrow", refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_kept_between_is_paid_for_and_given_back()
    {
        var share = new CountedShare(1 << 20);
        var budget = new PixelBudget(1, share);

        using (new RowResampler(new PixelWindow(1000, 100, 0, 100), new PixelWindow(1000, 100, 0, 100), ResampleFilter.Bicubic, budget))
        {
            Assert.InRange(share.Held, 300_000, 500_000);
        }

        Assert.Equal(0, share.Held);
        Assert.Throws<FlowKitException>(() => new RowResampler(new PixelWindow(1000, 500, 0, 500), new PixelWindow(1000, 500, 0, 500), ResampleFilter.Bicubic, budget));
    }
}
