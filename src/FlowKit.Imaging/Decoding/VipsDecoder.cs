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
    protected sealed override RgbImage ParsePixels(ReadOnlySpan<byte> encoded, ImageDecodeOptions options) =>
        Parse(encoded, options, null)!;

    /// <inheritdoc/>
    protected sealed override void ParseRows(ReadOnlySpan<byte> encoded, IPixelReceiver receiver, ImageDecodeOptions options) =>
        Parse(encoded, options, receiver);

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

    /// <summary>Returns the bytes that libvips takes to decode a picture, where it does not go row by row.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="encoded">Its file.</param>
    protected virtual long HiddenBytes(ImageHeader header, ReadOnlySpan<byte> encoded) => 0;

    /// <returns>The picture; <see langword="null"/> when a receiver has it.</returns>
    private unsafe RgbImage? Parse(ReadOnlySpan<byte> encoded, ImageDecodeOptions options, IPixelReceiver? receiver)
    {
        fixed (byte* data = encoded)
        {
            var opened = OpenedImage.Open(this, data, encoded.Length, shrink: 1);
            try
            {
                CheckSize(opened.Header.Width, opened.Header.Height, options);
                if (!TellsMissingPixels && EndsEarly(encoded))
                {
                    throw CutOff();
                }

                if (UnsupportedIn(encoded) is { } kind)
                {
                    throw Unsupported(kind);
                }

                using var rent = options.Rent(HiddenBytes(opened.Header, encoded));
                var shrink = ShrinkOf(opened.Header, options.ScaledShortSide);
                var rewritten = Rewrite(encoded);
                if (shrink == 1 && rewritten is null)
                {
                    return ReadUpright(opened, encoded, options, receiver);
                }

                opened.Dispose();
                fixed (byte* copy = rewritten)
                {
                    opened = OpenedImage.Open(this, copy is null ? data : copy, rewritten?.Length ?? encoded.Length, shrink);
                    return ReadUpright(opened, encoded, options, receiver);
                }
            }
            finally
            {
                opened.Dispose();
            }
        }
    }

    private RgbImage? ReadUpright(
        OpenedImage opened, ReadOnlySpan<byte> encoded, ImageDecodeOptions options, IPixelReceiver? receiver)
    {
        var orientation = options.Orientation == ExifOrientation.Apply || IsAlwaysUpright ? opened.Header.Orientation : 1;
        if (receiver is not null && !ExifTransform.Turns(orientation))
        {
            using var strips = new StripTarget(VipsNative.Width(opened.Image), VipsNative.Height(opened.Image), receiver);
            PixelReader.Read(opened, encoded, strips);
            return null;
        }

        var image = ExifTransform.Of(
            ReadPixels(opened, encoded, receiver is null ? options : options with { Pooled = true }), orientation, options);
        if (receiver is null)
        {
            return image;
        }

        using var passed = image;
        Pass(image, receiver);
        return null;
    }

    private static RgbImage ReadPixels(OpenedImage opened, ReadOnlySpan<byte> encoded, ImageDecodeOptions options)
    {
        var result = RgbImage.New(VipsNative.Width(opened.Image), VipsNative.Height(opened.Image), options);
        try
        {
            PixelReader.Read(opened, encoded, new WholeTarget(result));
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }
}
