using FlowKit.Imaging.Vips;

namespace FlowKit.Imaging.Decoding;

/// <summary>A format that libvips reads.</summary>
internal abstract class VipsDecoder : FormatDecoder
{
    /// <summary>The name of the operation of libvips that opens bytes of this format.</summary>
    public abstract string Loader { get; }

    /// <summary>Indicates whether libvips tells of pixels that are missing; where it does not, the file is looked at first.</summary>
    protected virtual bool TellsMissingPixels => true;

    /// <inheritdoc/>
    public sealed override unsafe ImageHeader ReadHeader(ReadOnlySpan<byte> encoded)
    {
        fixed (byte* data = encoded)
        {
            using var opened = OpenedImage.Open(this, data, encoded.Length, shrink: 1);
            return opened.Header;
        }
    }

    /// <inheritdoc/>
    public sealed override unsafe RgbImage Decode(ReadOnlySpan<byte> encoded, ImageDecodeOptions options)
    {
        fixed (byte* data = encoded)
        {
            var full = OpenedImage.Open(this, data, encoded.Length, shrink: 1);
            try
            {
                CheckSize(full.Header, options.MaxPixels);
                if (!TellsMissingPixels && EndsEarly(encoded))
                {
                    throw Damaged(encoded);
                }

                var shrink = ShrinkOf(full.Header, options.ScaledShortSide);
                if (shrink > 1)
                {
                    full.Dispose();
                    full = OpenedImage.Open(this, data, encoded.Length, shrink);
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

    /// <summary>Returns by how much a picture is shrunk while it is decoded; 1 for formats that cannot.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="shortSide">The shorter side that is to be kept; 0 for all.</param>
    protected virtual int ShrinkOf(ImageHeader header, int shortSide) => 1;

    private static void CheckSize(ImageHeader header, long maxPixels)
    {
        if ((long)header.Width * header.Height > Math.Min(maxPixels, int.MaxValue / 3))
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"The {header.Format} image is {header.Width}×{header.Height} pixels; at most {maxPixels} pixels are allowed.");
        }
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
