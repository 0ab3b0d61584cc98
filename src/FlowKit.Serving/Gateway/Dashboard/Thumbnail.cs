using FlowKit.Imaging;

namespace FlowKit.Serving.Gateway.Dashboard;

/// <summary>Small pictures of large ones.</summary>
internal static class Thumbnail
{
    private const int Quality = 82;

    private static readonly ImageDecodeOptions s_decoding = new() { Orientation = ExifOrientation.Apply };

    /// <summary>Makes a JPEG of a picture in any format that is read.</summary>
    /// <param name="encoded">The picture.</param>
    /// <param name="side">The most pixels of its longer side; a smaller one is not made larger.</param>
    /// <exception cref="FlowKitException">It is no picture, or has too many pixels.</exception>
    public static byte[] Make(ReadOnlySpan<byte> encoded, int side)
    {
        using var image = ImageDecoder.Decode(encoded, s_decoding with { ScaledShortSide = side });
        var scale = Math.Min(1.0, (double)side / Math.Max(image.Width, image.Height));
        var (width, height) = (Scaled(image.Width, scale), Scaled(image.Height, scale));
        using var small = RgbImage.Rent(width, height);
        PillowResampler.Resize(
            image,
            new PixelWindow(image.Width, width, 0, width),
            new PixelWindow(image.Height, height, 0, height),
            ResampleFilter.Bicubic,
            small.Pixels.Span);
        return ImageEncoder.EncodeJpeg(small, Quality);
    }

    private static int Scaled(int pixels, double scale) => Math.Max(1, (int)Math.Round(pixels * scale));
}
