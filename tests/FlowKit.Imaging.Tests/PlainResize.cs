namespace FlowKit.Imaging.Tests;

/// <summary>Pillow's 8-bit resize written out plainly: one multiplication at a time.</summary>
internal static class PlainResize
{
    internal static byte[] Of(RgbImage image, int width, int height, ResampleFilter filter)
    {
        var narrow = Along(image.Pixels.ToArray(), image.Width, image.Height, width, 3, image.Width * 3, filter);
        return Down(narrow, image.Height, width * 3, height, filter);
    }

    private static byte[] Along(byte[] source, int width, int height, int newWidth, int step, int stride, ResampleFilter filter)
    {
        var result = new byte[newWidth * height * 3];
        for (var x = 0; x < newWidth; x++)
        {
            var (first, weights) = Weights(x, width, newWidth, filter);
            for (var y = 0; y < height; y++)
            {
                for (var channel = 0; channel < 3; channel++)
                {
                    result[(((y * newWidth) + x) * 3) + channel] = Sum(weights, i => source[(y * stride) + ((first + i) * step) + channel]);
                }
            }
        }

        return result;
    }

    private static byte[] Down(byte[] source, int height, int stride, int newHeight, ResampleFilter filter)
    {
        var result = new byte[newHeight * stride];
        for (var y = 0; y < newHeight; y++)
        {
            var (first, weights) = Weights(y, height, newHeight, filter);
            for (var x = 0; x < stride; x++)
            {
                result[(y * stride) + x] = Sum(weights, i => source[((first + i) * stride) + x]);
            }
        }

        return result;
    }

    private static byte Sum(int[] weights, Func<int, byte> pixel)
    {
        var sum = 1 << 21;
        for (var i = 0; i < weights.Length; i++)
        {
            sum += weights[i] * pixel(i);
        }

        return (byte)Math.Clamp(sum >> 22, 0, 255);
    }

    private static (int First, int[] Weights) Weights(int x, int input, int output, ResampleFilter filter)
    {
        var scale = (double)input / output;
        var wide = Math.Max(scale, 1);
        var support = wide * (filter == ResampleFilter.Bicubic ? 2 : 1);
        var center = (x + 0.5) * scale;
        var first = Math.Max(0, (int)(center - support + 0.5));
        var last = Math.Min(input, (int)(center + support + 0.5));
        var raw = Enumerable.Range(first, last - first).Select(i => Weight((i - first + first - center + 0.5) * (1 / wide), filter)).ToArray();
        var sum = raw.Sum();
        return (first, [.. raw.Select(weight => weight / sum * (1 << 22)).Select(static weight => (int)(weight < 0 ? weight - 0.5 : weight + 0.5))]);
    }

    private static double Weight(double x, ResampleFilter filter)
    {
        x = Math.Abs(x);
        return filter == ResampleFilter.Bilinear ? Math.Max(0, 1 - x)
            : x < 1 ? (((1.5 * x) - 2.5) * x * x) + 1
            : x < 2 ? (((((x - 5) * x) + 8) * x) - 4) * -0.5
            : 0;
    }
}
