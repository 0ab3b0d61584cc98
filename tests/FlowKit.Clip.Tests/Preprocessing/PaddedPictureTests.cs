using FlowKit.Imaging;

namespace FlowKit.Clip.Tests;

/// <summary>A picture that is fitted whole, with a border around it.</summary>
public sealed class PaddedPictureTests
{
    private const int Border = 128;

    [Theory]
    [InlineData(40, 20, 0, 2, 8, 4)]
    [InlineData(20, 40, 2, 0, 4, 8)]
    [InlineData(30, 30, 0, 0, 8, 8)]
    [InlineData(4000, 1, 0, 3, 8, 1)]
    public void The_longer_side_fits_and_the_border_is_of_the_fill_colour(int width, int height, int left, int top, int inner, int innerHeight)
    {
        var preprocessor = new ClipPreprocessor(ClipImageSpec.OpenAi with { Size = 8, Resize = ResizeMode.Longest, FillColor = Border });
        using var image = RgbImage.Filled(width, height, 10, 20, 30);
        var pixels = new byte[preprocessor.TensorLength];

        preprocessor.WriteBytes(image, pixels);

        for (var y = 0; y < 8; y++)
        {
            for (var x = 0; x < 8; x++)
            {
                var isInside = x >= left && x < left + inner && y >= top && y < top + innerHeight;
                byte[] expected = isInside ? [10, 20, 30] : [Border, Border, Border];
                Assert.Equal((x, y, string.Join(' ', expected)), (x, y, string.Join(' ', pixels.AsSpan(((y * 8) + x) * 3, 3).ToArray())));
            }
        }
    }
}
