using FlowKit.Imaging.Vips;

namespace FlowKit.Imaging.Decoding;

/// <summary>A format that libvips reads.</summary>
internal abstract class VipsDecoder : FormatDecoder
{
    /// <summary>The name of the operation of libvips that opens bytes of this format.</summary>
    public abstract string Loader { get; }

    /// <summary>Indicates whether libvips tells of pixels that are missing; where it does not, the file is looked at first.</summary>
    protected virtual bool TellsMissingPixels => true;

    /// <summary>
    /// Indicates whether pixels and header are always upright: Pillow turns a file of this format when it loads it, and of no other.
    /// </summary>
    protected virtual bool IsAlwaysUpright => false;

    /// <inheritdoc/>
    protected sealed override unsafe ImageHeader ParseHeader(ReadOnlySpan<byte> encoded)
    {
        fixed (byte* data = encoded)
        {
            using var opened = OpenedImage.Open(this, data, encoded.Length, shrink: 1);
            return HeaderOf(opened);
        }
    }

    /// <inheritdoc/>
    protected sealed override unsafe RgbImage ParsePixels(ReadOnlySpan<byte> encoded, ImageDecodeOptions options)
    {
        fixed (byte* data = encoded)
        {
            var opened = OpenedImage.Open(this, data, encoded.Length, shrink: 1);
            try
            {
                CheckSize(opened.Header.Width, opened.Header.Height, options.MaxPixels);
                if (!TellsMissingPixels && EndsEarly(encoded))
                {
                    throw CutOff();
                }

                if (UnsupportedIn(encoded) is { } kind)
                {
                    throw Unsupported(kind);
                }

                var shrink = ShrinkOf(opened.Header, options.ScaledShortSide);
                var rewritten = Rewrite(encoded);
                if (shrink == 1 && rewritten is null)
                {
                    return ReadUpright(opened, encoded, options);
                }

                opened.Dispose();
                fixed (byte* copy = rewritten)
                {
                    opened = OpenedImage.Open(this, copy is null ? data : copy, rewritten?.Length ?? encoded.Length, shrink);
                    return ReadUpright(opened, encoded, options);
                }
            }
            finally
            {
                opened.Dispose();
            }
        }
    }

    /// <summary>The error for a file that libvips does not open: it is damaged, or of a kind that is not supported.</summary>
    internal FlowKitException Unreadable(ReadOnlySpan<byte> encoded) =>
        UnsupportedIn(encoded) is { } kind ? Unsupported(kind) : Damaged(encoded);

    /// <summary>Returns the kind of the pixels that libvips gives of a file.</summary>
    internal virtual PixelKind KindOf(PixelKind opened, ReadOnlySpan<byte> encoded) => opened;

    /// <summary>Names what a header asks for and is not supported; <see langword="null"/> where that is nothing.</summary>
    protected virtual string? UnsupportedIn(ReadOnlySpan<byte> encoded) => null;

    /// <summary>
    /// Returns a copy of a file, changed where libvips would lose what Pillow keeps; <see langword="null"/> where it may be read as it is.
    /// </summary>
    protected virtual byte[]? Rewrite(ReadOnlySpan<byte> encoded) => null;

    /// <summary>Returns by how much a picture is shrunk while it is decoded; 1 for formats that cannot.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="shortSide">The shorter side that is to be kept; 0 for all.</param>
    protected virtual int ShrinkOf(ImageHeader header, int shortSide) => 1;

    private ImageHeader HeaderOf(OpenedImage opened)
    {
        var header = opened.Header;
        if (!IsAlwaysUpright)
        {
            return header;
        }

        return header.Orientation >= 5
            ? new ImageHeader(Format, header.Height, header.Width, Orientation: 1)
            : header with { Orientation = 1 };
    }

    private RgbImage ReadUpright(OpenedImage opened, ReadOnlySpan<byte> encoded, ImageDecodeOptions options)
    {
        var image = ReadPixels(opened, encoded, options);
        return options.Orientation == ExifOrientation.Apply || IsAlwaysUpright
            ? ExifTransform.Of(image, opened.Header.Orientation, options.Pooled)
            : image;
    }

    private static RgbImage ReadPixels(OpenedImage opened, ReadOnlySpan<byte> encoded, ImageDecodeOptions options)
    {
        var result = NewImage(VipsNative.Width(opened.Image), VipsNative.Height(opened.Image), options);
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
