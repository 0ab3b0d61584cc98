using FlowKit.Imaging.Decoding;
using FlowKit.Imaging.Vips;

namespace FlowKit.Imaging;

/// <summary>Decodes JPEG, PNG, WebP, GIF (first frame) and TIFF (first page) to RGB. Safe to call from many threads.</summary>
/// <remarks>Colour profiles are not applied, as in Pillow. See <see cref="PixelConversion"/> for the rules by kind of pixel.</remarks>
public static class ImageDecoder
{
    /// <summary>Reads the header only.</summary>
    /// <param name="encoded">The file's bytes.</param>
    /// <exception cref="FlowKitException"><see cref="FlowErrorCode.InvalidArgument"/>: not an image, or damaged.</exception>
    public static unsafe ImageHeader ReadHeader(ReadOnlySpan<byte> encoded)
    {
        var format = FormatSniffer.Recognise(encoded);
        fixed (byte* data = encoded)
        {
            using var opened = OpenedImage.Open(format, data, encoded.Length, shrink: 1);
            return opened.Header;
        }
    }

    /// <summary>Decodes a picture to RGB.</summary>
    /// <param name="encoded">The file's bytes.</param>
    /// <param name="options">Limits and policies; <see cref="ImageDecodeOptions.Default"/> when <see langword="null"/>.</param>
    /// <returns>The picture; where it is over a rented buffer (the default), disposing it gives the buffer back.</returns>
    /// <exception cref="FlowKitException">
    /// <see cref="FlowErrorCode.InvalidArgument"/>: not an image, damaged, cut off, or larger than the limit.
    /// </exception>
    public static unsafe RgbImage Decode(ReadOnlySpan<byte> encoded, ImageDecodeOptions? options = null)
    {
        options ??= ImageDecodeOptions.Default;
        var format = FormatSniffer.Recognise(encoded);
        fixed (byte* data = encoded)
        {
            var full = OpenedImage.Open(format, data, encoded.Length, shrink: 1);
            try
            {
                CheckSize(full.Header, options.MaxPixels);
                var shrink = Shrink(full.Header, options.ScaledShortSide);
                if (shrink > 1)
                {
                    full.Dispose();
                    full = OpenedImage.Open(format, data, encoded.Length, shrink);
                }

                var image = ReadPixels(full, encoded, options.Pooled);
                return options.Orientation == ExifOrientation.Apply
                    ? ExifTransform.Of(image, full.Header.Orientation, options.Pooled)
                    : image;
            }
            finally
            {
                full.Dispose();
            }
        }
    }

    private static void CheckSize(ImageHeader header, long maxPixels)
    {
        if ((long)header.Width * header.Height > Math.Min(maxPixels, int.MaxValue / 3))
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"The {header.Format} image is {header.Width}×{header.Height} pixels; at most {maxPixels} pixels are allowed.");
        }
    }

    private static int Shrink(ImageHeader header, int shortSide)
    {
        if (header.Format != ImageFormat.Jpeg || shortSide < 1)
        {
            return 1;
        }

        var shorter = Math.Min(header.Width, header.Height);
        return (shorter / shortSide) switch
        {
            >= 8 => 8,
            >= 4 => 4,
            >= 2 => 2,
            _ => 1,
        };
    }

    private static RgbImage ReadPixels(OpenedImage opened, ReadOnlySpan<byte> encoded, bool pooled)
    {
        var (width, height) = (VipsNative.Width(opened.Image), VipsNative.Height(opened.Image));
        var result = pooled ? RgbImage.Rent(width, height) : RgbImage.Allocate(width, height);
        try
        {
            PixelReader.Read(opened, encoded, result);
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }
}
