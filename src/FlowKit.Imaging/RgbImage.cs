namespace FlowKit.Imaging;

/// <summary>A decoded picture: 8-bit red, green, blue, rows from the top, no padding between rows.</summary>
/// <remarks>Disposing gives a rented buffer back to its pool; an image that is never disposed is simply collected.</remarks>
public sealed class RgbImage : IDisposable
{
    private byte[]? _rented;
    private PixelRent _rent;

    /// <summary>Wraps pixels without copying them.</summary>
    /// <param name="width">Pixels per row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="pixels">Exactly <c>width × height × 3</c> bytes.</param>
    /// <exception cref="FlowKitException">A size below 1, or a byte count that does not fit.</exception>
    public RgbImage(int width, int height, Memory<byte> pixels)
    {
        if (width < 1 || height < 1 || pixels.Length != (long)width * height * 3)
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"An RGB image of {width}×{height} needs {(long)width * height * 3} bytes, but {pixels.Length} were given.");
        }

        Width = width;
        Height = height;
        Pixels = pixels;
    }

    /// <summary>Pixels per row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>The pixels, <c>[height, width, 3]</c>. Not valid any more after <see cref="Dispose"/>.</summary>
    public Memory<byte> Pixels { get; private set; }

    /// <summary>An image over a rented buffer, its pixels not yet written.</summary>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    public static RgbImage Rent(int width, int height)
    {
        var length = checked(width * height * 3);
        var buffer = PixelArrays.Rent(length);
        return new RgbImage(width, height, buffer.AsMemory(0, length)) { _rented = buffer };
    }

    /// <summary>An image over a buffer of its own, its pixels not yet written; for pixels that outlive the image.</summary>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    public static RgbImage Allocate(int width, int height) =>
        new(width, height, GC.AllocateUninitializedArray<byte>(checked(width * height * 3)));

    /// <summary>A picture of one colour.</summary>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="red">Red, 0 to 255.</param>
    /// <param name="green">Green, 0 to 255.</param>
    /// <param name="blue">Blue, 0 to 255.</param>
    public static RgbImage Filled(int width, int height, byte red, byte green, byte blue)
    {
        var pixels = new byte[checked(width * height * 3)];
        for (var i = 0; i < pixels.Length; i += 3)
        {
            (pixels[i], pixels[i + 1], pixels[i + 2]) = (red, green, blue);
        }

        return new RgbImage(width, height, pixels);
    }

    /// <summary>Makes an image whose memory a budget pays for; that of a rented buffer is given back with it.</summary>
    internal static RgbImage New(int width, int height, ImageDecodeOptions options)
    {
        var bytes = (long)width * height * 3;
        if (!options.Pooled)
        {
            options.Budget?.Keep(bytes);
            return Allocate(width, height);
        }

        var rent = options.Rent(bytes);
        var image = Rent(width, height);
        image._rent = rent;
        return image;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _rented, null) is { } buffer)
        {
            Pixels = default;
            PixelArrays.Return(buffer);
            _rent.Dispose();
        }
    }
}
