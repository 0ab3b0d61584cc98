namespace FlowKit.Imaging.Decoding;

/// <summary>TIFF, of which the first page is taken. It has no end mark: its parts lie where its directory says.</summary>
internal sealed class TiffDecoder : VipsDecoder
{
    private const int BitsPerSample = 258;
    private const int Compression = 259;
    private const int Photometric = 262;
    private const int ExtraSamples = 338;
    private const int RowsPerStrip = 278;
    private const int FewRows = 512;
    private const int MaxPixelBytes = 8;
    private const int WhiteIsZero = 0;
    private const int BlackIsZero = 1;
    private const int Rgb = 2;
    private const int AssociatedAlpha = 1;
    private const int UnassociatedAlpha = 2;

    /// <inheritdoc/>
    public override ImageFormat Format => ImageFormat.Tiff;

    /// <inheritdoc/>
    public override string Loader => "tiffload_buffer";

    /// <summary>libtiff shortens a strip that is not whole, and its other pixels are whatever was in memory.</summary>
    protected override bool TellsMissingPixels => false;

    /// <inheritdoc/>
    protected override bool IsAlwaysUpright => true;

    /// <inheritdoc/>
    public override bool Recognises(ReadOnlySpan<byte> data) =>
        data is [(byte)'I', (byte)'I', 42 or 43, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or 43, ..];

    /// <inheritdoc/>
    public override bool EndsEarly(ReadOnlySpan<byte> data)
    {
        try
        {
            return new TiffDirectory(data).PointsBeyondEnd();
        }
        catch (ArgumentOutOfRangeException)
        {
            // The directory itself is damaged, which libtiff says.
            return false;
        }
    }

    /// <inheritdoc/>
    internal override PixelKind KindOf(PixelKind opened, ReadOnlySpan<byte> encoded) =>
        opened with { IsAssociated = opened.Bands > 3 && DifferenceOf(encoded) == Difference.AssociatedAlpha };

    /// <summary>libvips reads some of these wrongly, without a word.</summary>
    protected override string? UnsupportedIn(ReadOnlySpan<byte> encoded)
    {
        try
        {
            var directory = new TiffDirectory(encoded);
            return (directory.Number(Photometric, BlackIsZero), directory.Number(BitsPerSample, 1), directory.Number(Compression, 1)) switch
            {
                ( >= 8 and <= 10, _, _) => "CIE L*a*b* colours",
                ( > 6 and var photometric, _, _) => $"colours of photometric interpretation {photometric}",
                (_, not (1 or 2 or 4 or 8 or 16 or 32) and var bits, _) => $"{bits}-bit samples",
                (_, _, (6 or > 8) and not (32773 or 32946) and var compression) => $"pixels of compression {compression}",
                _ => null,
            };
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>A strip is decoded at once, and all of a picture may be one.</summary>
    protected override long HiddenBytes(ImageHeader header, ReadOnlySpan<byte> encoded)
    {
        try
        {
            var directory = new TiffDirectory(encoded);
            var rows = Math.Clamp(directory.Number(RowsPerStrip, header.Height), 0, header.Height);
            return rows <= FewRows ? 0 : header.Width * rows * MaxPixelBytes;
        }
        catch (ArgumentOutOfRangeException)
        {
            return 0;
        }
    }

    /// <inheritdoc/>
    protected override byte[]? Rewrite(ReadOnlySpan<byte> encoded) => DifferenceOf(encoded) switch
    {
        Difference.AssociatedAlpha => new TiffDirectory(encoded).With(ExtraSamples, UnassociatedAlpha),
        Difference.WideWhiteIsZero => new TiffDirectory(encoded).With(Photometric, BlackIsZero),
        _ => null,
    };

    private static Difference DifferenceOf(ReadOnlySpan<byte> encoded)
    {
        try
        {
            var directory = new TiffDirectory(encoded);
            return directory.Number(Photometric, BlackIsZero) switch
            {
                Rgb when directory.Number(ExtraSamples, 0) == AssociatedAlpha => Difference.AssociatedAlpha,
                WhiteIsZero when directory.Number(BitsPerSample, 1) > 8 => Difference.WideWhiteIsZero,
                _ => Difference.None,
            };
        }
        catch (ArgumentOutOfRangeException)
        {
            return Difference.None;
        }
    }

    /// <summary>Differences between Pillow's reading and that of libvips.</summary>
    private enum Difference
    {
        /// <summary>Nothing.</summary>
        None,

        /// <summary>Colours multiplied by alpha, by which libvips divides in floating point.</summary>
        AssociatedAlpha,

        /// <summary>Gray of more than 8 bits in which white is 0, which Pillow turns over only in 8 bits and fewer.</summary>
        WideWhiteIsZero,
    }
}
