namespace FlowKit.Imaging;

/// <summary>Options for decoding a picture.</summary>
public sealed record ImageDecodeOptions
{
    /// <summary>The defaults: exact pixels, as stored, at most 100 megapixels.</summary>
    public static ImageDecodeOptions Default { get; } = new();

    /// <summary>The most pixels a picture may have; a larger one is refused from its header alone.</summary>
    public long MaxPixels { get; init; } = 100_000_000;

    /// <summary>The handling of the EXIF orientation; ignored by default.</summary>
    public ExifOrientation Orientation { get; init; } = ExifOrientation.Ignore;

    /// <summary>
    /// The shorter side, in pixels, that a JPEG keeps when it is decoded at 1/2, 1/4 or 1/8 of its size: much faster for large
    /// photographs, close to but not exactly the same pixels. 0, the default, decodes at full size.
    /// </summary>
    public int ScaledShortSide { get; init; }

    /// <summary>
    /// Indicates whether the pixels lie in a rented buffer, which disposing the image returns; on by default. Off for pixels that outlive
    /// the image: a rented buffer that never comes back is larger than it need be and empties the pool.
    /// </summary>
    public bool Pooled { get; init; } = true;

    /// <summary>The limits of the request that the picture belongs to; none by default.</summary>
    public PixelBudget? Budget { get; init; }

    internal PixelRent Rent(long bytes) => Budget?.Rent(bytes) ?? default;
}
