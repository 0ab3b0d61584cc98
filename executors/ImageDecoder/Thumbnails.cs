using FlowKit.Imaging;

namespace FlowKit.Executors;

/// <summary>Small pictures for a page to show.</summary>
internal static class Thumbnails
{
    private const int Quality = 80;

    /// <summary>A JPEG data URI whose longer side has at most <paramref name="side"/> pixels.</summary>
    public static string Make(RgbImage image, int side)
    {
        using var small = Shrink(image, side);
        return "data:image/jpeg;base64," + Convert.ToBase64String(ImageEncoder.EncodeJpeg(small, Quality));
    }

    private static RgbImage Shrink(RgbImage image, int side)
    {
        var scale = Math.Min(1.0, (double)side / Math.Max(image.Width, image.Height));
        var width = Math.Max(1, (int)Math.Round(image.Width * scale));
        var height = Math.Max(1, (int)Math.Round(image.Height * scale));
        var result = RgbImage.Rent(width, height);
        PillowResampler.Resize(
            image,
            new PixelWindow(image.Width, width, 0, width),
            new PixelWindow(image.Height, height, 0, height),
            ResampleFilter.Bicubic,
            result.Pixels.Span);
        return result;
    }
}
