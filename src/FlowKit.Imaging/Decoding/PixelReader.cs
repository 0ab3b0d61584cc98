using FlowKit.Imaging.Vips;

namespace FlowKit.Imaging.Decoding;

/// <summary>Computes an opened image's pixels strip by strip, on the calling thread.</summary>
/// <remarks><c>vips_image_write_to_memory</c> would start a pool of threads for each picture and hold the pixels twice.</remarks>
internal static class PixelReader
{
    /// <summary>Gives a target all of an image.</summary>
    /// <param name="opened">The image.</param>
    /// <param name="encoded">The file's bytes, to tell what is wrong with them.</param>
    /// <param name="target">Receives the pixels; it has the image's size.</param>
    /// <exception cref="FlowKitException">
    /// <see cref="FlowErrorCode.InvalidArgument"/>: damaged, cut off, or pixels of an unknown kind.
    /// </exception>
    internal static void Read(OpenedImage opened, ReadOnlySpan<byte> encoded, PixelTarget target)
    {
        var kind = opened.Decoder.KindOf(opened.Kind, encoded);
        if (kind.Unsupported is { } unsupported)
        {
            throw opened.Decoder.Unsupported(unsupported);
        }

        var region = VipsNative.NewRegion(opened.Image);
        try
        {
            var complete = kind.IsPlain ? TryReadPlain(region, target) : TryConvert(region, kind, target);
            if (!complete)
            {
                VipsNative.ClearErrors();
                throw opened.Decoder.Damaged(encoded);
            }
        }
        finally
        {
            VipsNative.Unref(region);
        }
    }

    /// <summary>Pixels that are RGB already: libvips writes them where they belong.</summary>
    private static unsafe bool TryReadPlain(nint region, PixelTarget target)
    {
        fixed (byte* pixels = target.Pixels)
        {
            var (width, rows) = (target.Width, target.Rows);
            var image = VipsNative.NewImageFromMemory(pixels, (nuint)width * (nuint)rows * 3, width, rows, 3, (int)SampleType.Byte);
            var into = VipsNative.NewRegion(image);
            try
            {
                var complete = VipsNative.AttachRegion(into, new VipsRect(0, 0, width, rows)) == 0;
                for (var row = 0; complete && row < target.Height; row += target.StripRows)
                {
                    var strip = new VipsRect(0, row, width, Math.Min(target.StripRows, target.Height - row));
                    complete = VipsNative.PrepareRegion(region, into, strip, 0, target.PlaceOf(row)) == 0;
                    if (complete)
                    {
                        target.Finish(row, strip.Height);
                    }
                }

                return complete;
            }
            finally
            {
                VipsNative.Unref(into);
                VipsNative.Unref(image);
            }
        }
    }

    private static unsafe bool TryConvert(nint region, PixelKind kind, PixelTarget target)
    {
        for (var row = 0; row < target.Height; row += target.StripRows)
        {
            var rows = Math.Min(target.StripRows, target.Height - row);
            var pixels = VipsNative.FetchRegion(region, 0, row, target.Width, rows, out var size);
            if (pixels is null)
            {
                return false;
            }

            var samples = new ReadOnlySpan<byte>(pixels, checked((int)size));
            var into = target.Pixels.Slice(target.PlaceOf(row) * target.Width * 3, rows * target.Width * 3);
            PixelConversion.ToRgb(samples, kind, into);
            VipsNative.Free(pixels);
            target.Finish(row, rows);
        }

        return true;
    }
}
