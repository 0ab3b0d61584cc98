using FlowKit.Imaging.Vips;

namespace FlowKit.Imaging;

/// <summary>Decodes JPEG, PNG, WebP, GIF (first frame) and TIFF (first page) to RGB. Safe to call from many threads.</summary>
/// <remarks>Colour profiles are not applied, as in Pillow. See <see cref="PixelConversion"/> for the rules by kind of pixel.</remarks>
public static class ImageDecoder
{
    private const int EightBit = 0;
    private const int SixteenBit = 2;
    private const int Cmyk = 15;
    private const int StripRows = 64;

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
    /// <exception cref="FlowKitException"><see cref="FlowErrorCode.InvalidArgument"/>: not an image, damaged, cut off, or larger than the limit.</exception>
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
                return options.Orientation == ExifOrientation.Apply ? Upright.Of(image, full.Header.Orientation, options.Pooled) : image;
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
            throw new FlowKitException(FlowErrorCode.InvalidArgument, $"The {header.Format} image is {header.Width}×{header.Height} pixels; at most {maxPixels} pixels are allowed.");
        }
    }

    private static int Shrink(ImageHeader header, int shortSide)
    {
        var shorter = Math.Min(header.Width, header.Height);
        return header.Format != ImageFormat.Jpeg || shortSide < 1 ? 1
            : shorter / 8 >= shortSide ? 8
            : shorter / 4 >= shortSide ? 4
            : shorter / 2 >= shortSide ? 2
            : 1;
    }

    private static unsafe RgbImage ReadPixels(OpenedImage opened, ReadOnlySpan<byte> encoded, bool pooled)
    {
        var image = opened.Image;
        var (format, bands) = (VipsNative.Format(image), VipsNative.Bands(image));
        if (format is not (EightBit or SixteenBit) || bands is < 1 or > 4)
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, $"The {opened.Header.Format} image has pixels of a kind that is not supported: {bands} bands of libvips format {format}; expected 1 to 4 bands of 8 or 16 bits.");
        }

        var result = pooled ? RgbImage.Rent(VipsNative.Width(image), VipsNative.Height(image)) : RgbImage.Allocate(VipsNative.Width(image), VipsNative.Height(image));
        var region = VipsNative.NewRegion(image);
        try
        {
            for (var row = 0; row < result.Height; row += StripRows)
            {
                ReadStrip(opened, encoded, region, row, result);
            }

            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
        finally
        {
            VipsNative.Unref(region);
        }
    }

    /// <summary>A region is computed by this very thread; vips_image_write_to_memory starts a pool of threads for each picture.</summary>
    private static unsafe void ReadStrip(OpenedImage opened, ReadOnlySpan<byte> encoded, nint region, int row, RgbImage target)
    {
        var rows = Math.Min(StripRows, target.Height - row);
        var pixels = VipsNative.FetchRegion(region, 0, row, target.Width, rows, out var size);
        if (pixels is null)
        {
            VipsNative.ClearErrors();
            throw OpenedImage.Damaged(opened.Header.Format, encoded);
        }

        try
        {
            var samples = new ReadOnlySpan<byte>(pixels, checked((int)size));
            var into = target.Pixels.Span.Slice(row * target.Width * 3, rows * target.Width * 3);
            var bands = VipsNative.Bands(opened.Image);
            if (VipsNative.Format(opened.Image) == EightBit)
            {
                PixelConversion.FromBytes(samples, bands, VipsNative.Interpretation(opened.Image) == Cmyk, into);
            }
            else
            {
                PixelConversion.FromWords(samples, bands, into);
            }
        }
        finally
        {
            VipsNative.Free(pixels);
        }
    }
}
