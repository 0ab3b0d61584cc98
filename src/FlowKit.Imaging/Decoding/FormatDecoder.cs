namespace FlowKit.Imaging.Decoding;

/// <summary>A file format that is decoded: recognised by its first bytes, read by its header, turned into RGB.</summary>
internal abstract class FormatDecoder
{
    /// <summary>The format.</summary>
    public abstract ImageFormat Format { get; }

    /// <summary>The format's name in errors.</summary>
    public virtual string Name => Format.ToString().ToUpperInvariant();

    /// <summary>Indicates whether a file that begins so has the format.</summary>
    public abstract bool Recognises(ReadOnlySpan<byte> data);

    /// <summary>Indicates whether bytes of a file that it recognises are missing, by the file's own end mark or length.</summary>
    public virtual bool EndsEarly(ReadOnlySpan<byte> data) => false;

    /// <summary>Reads the header only.</summary>
    /// <exception cref="FlowKitException"><see cref="FlowErrorCode.InvalidArgument"/>: it is damaged.</exception>
    public ImageHeader ReadHeader(ReadOnlySpan<byte> encoded)
    {
        try
        {
            return ParseHeader(encoded);
        }
        catch (EndOfStreamException)
        {
            throw CutOff();
        }
        catch (InvalidDataException)
        {
            throw Damaged();
        }
    }

    /// <summary>Decodes a picture to RGB, upright or as stored.</summary>
    /// <exception cref="FlowKitException">
    /// <see cref="FlowErrorCode.InvalidArgument"/>: it is damaged, cut off, or larger than the limit, which the header alone tells.
    /// </exception>
    public RgbImage Decode(ReadOnlySpan<byte> encoded, ImageDecodeOptions options)
    {
        try
        {
            return ParsePixels(encoded, options);
        }
        catch (EndOfStreamException)
        {
            throw CutOff();
        }
        catch (InvalidDataException)
        {
            throw Damaged();
        }
    }

    /// <summary>Decodes a picture to RGB, upright or as stored, some rows at a time where the format allows it.</summary>
    /// <exception cref="FlowKitException">As <see cref="Decode"/>.</exception>
    public void DecodeRows(ReadOnlySpan<byte> encoded, IPixelReceiver receiver, ImageDecodeOptions options)
    {
        try
        {
            ParseRows(encoded, receiver, options);
        }
        catch (EndOfStreamException)
        {
            throw CutOff();
        }
        catch (InvalidDataException)
        {
            throw Damaged();
        }
    }

    /// <summary>The error for bytes that cannot be read, by what the bytes themselves show.</summary>
    public FlowKitException Damaged(ReadOnlySpan<byte> data) => EndsEarly(data) ? CutOff() : Damaged();

    /// <summary>The error for a file that is whole and of a kind that is not supported.</summary>
    /// <param name="kind">The kind, in the plural: "12-bit samples".</param>
    public FlowKitException Unsupported(string kind) => new(
        FlowErrorCode.InvalidArgument,
        $"The {Name} image has {kind}, which are not supported; save it with 8 or 16 bits of gray, RGB or CMYK.");

    /// <summary>Reads the header only.</summary>
    /// <exception cref="EndOfStreamException">It is not whole.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    protected abstract ImageHeader ParseHeader(ReadOnlySpan<byte> encoded);

    /// <summary>Decodes a picture, whose size is checked before its pixels are given room.</summary>
    /// <exception cref="EndOfStreamException">It is not whole.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    protected abstract RgbImage ParsePixels(ReadOnlySpan<byte> encoded, ImageDecodeOptions options);

    /// <summary>Decodes a picture for a receiver: as a whole, unless the format has a better way.</summary>
    /// <exception cref="EndOfStreamException">It is not whole.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    protected virtual void ParseRows(ReadOnlySpan<byte> encoded, IPixelReceiver receiver, ImageDecodeOptions options)
    {
        using var image = ParsePixels(encoded, options with { Pooled = true });
        Pass(image, receiver);
    }

    /// <summary>Gives a receiver a whole picture.</summary>
    protected static void Pass(RgbImage image, IPixelReceiver receiver)
    {
        receiver.Begin(image.Width, image.Height);
        receiver.Add(0, image.Height, image.Pixels.Span);
    }

    /// <summary>The error for bytes that cannot be.</summary>
    protected FlowKitException Damaged() => new(FlowErrorCode.InvalidArgument, $"The {Name} data is damaged.");

    /// <summary>The error for a file whose last bytes are missing.</summary>
    protected FlowKitException CutOff() => new(FlowErrorCode.InvalidArgument, $"The {Name} data ends early.");

    /// <summary>Throws where a picture is larger than the limit, or than a picture can be, or too much with others.</summary>
    protected void CheckSize(int width, int height, ImageDecodeOptions options)
    {
        if ((long)width * height > Math.Min(options.MaxPixels, int.MaxValue / 3))
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"The {Name} image is {width}×{height} pixels; at most {options.MaxPixels} pixels are allowed.");
        }

        options.Budget?.Count(width, height);
    }
}
