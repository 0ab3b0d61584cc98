using FlowKit.Imaging.Resampling;

namespace FlowKit.Imaging.Tests;

/// <summary>A CPU with narrower vectors, or with none, gives the same bits: an index holds embeddings of several machines.</summary>
public sealed class VectorWidthTests
{
    public static TheoryData<int, int, int, int> Sizes => new()
    {
        { 512, 340, 337, 224 },
        { 17, 31, 5, 64 },
        { 1, 1, 16, 16 },
        { 1, 700, 8, 300 },
        { 700, 3, 40, 90 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Every_width_gives_the_bits_of_the_plain_algorithm(int width, int height, int newWidth, int newHeight)
    {
        using var image = Noise(width, height);
        foreach (var filter in Enum.GetValues<ResampleFilter>())
        {
            var expected = PlainResize.Of(image, newWidth, newHeight, filter);
            for (var vectors = VectorWidth.None; vectors <= VectorWidths.Widest; vectors++)
            {
                var actual = new byte[newWidth * newHeight * 3];
                PillowResampler.Resize(image, new PixelWindow(width, newWidth, 0, newWidth), new PixelWindow(height, newHeight, 0, newHeight), filter, actual, vectors);
                Assert.True(expected.AsSpan().SequenceEqual(actual), $"{filter} with {vectors} differs");
            }
        }
    }

    private static RgbImage Noise(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        new Random(width * height).NextBytes(pixels);
        return new RgbImage(width, height, pixels);
    }
}
