using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.PixelFormats;

namespace FlowKit.Imaging.Decoding.Bitmaps;

/// <summary>A format without loss that libvips does not read and ImageSharp does.</summary>
/// <remarks>Only formats whose pixels cannot be another reader's: for JPEG, PNG and WebP it gives other pixels than Pillow.</remarks>
internal abstract class ImageSharpDecoder : FormatDecoder
{
    // A buffer of one byte: what is read from the stream is what the reader has asked for, so that it is known when the file ends early.
    private static readonly Configuration s_configuration = new() { MaxDegreeOfParallelism = 1, StreamProcessingBufferSize = 1 };

    /// <summary>ImageSharp's reader of the format.</summary>
    protected abstract IImageDecoder Reader { get; }

    /// <inheritdoc/>
    protected sealed override ImageHeader ParseHeader(ReadOnlySpan<byte> encoded)
    {
        var header = ParseBitmapHeader(encoded);
        return new ImageHeader(Format, header.Width, header.Height, Orientation: 1);
    }

    /// <inheritdoc/>
    protected sealed override RgbImage ParsePixels(ReadOnlySpan<byte> encoded, ImageDecodeOptions options)
    {
        var header = ParseBitmapHeader(encoded);
        CheckSize(header.Width, header.Height, options);
        if (header.Unsupported is { } kind)
        {
            throw Unsupported(kind);
        }

        if (header.MinBytes > encoded.Length)
        {
            throw new EndOfStreamException();
        }

        using var rent = options.Rent((long)header.Width * header.Height * 3);
        using var image = Read(Rewrite(encoded) is { } rewritten ? rewritten : encoded);
        if ((image.Width, image.Height) != (header.Width, header.Height))
        {
            throw new InvalidDataException();
        }

        var result = RgbImage.New(header.Width, header.Height, options);
        var pixels = result.Pixels.Span;
        image.CopyPixelDataTo(pixels);
        if (header.Highest.Red > 0)
        {
            for (var i = 0; i < pixels.Length; i += 3)
            {
                pixels[i] = Scale(pixels[i], header.Highest.Red);
                pixels[i + 1] = Scale(pixels[i + 1], header.Highest.Green);
                pixels[i + 2] = Scale(pixels[i + 2], header.Highest.Blue);
            }
        }

        return result;
    }

    /// <summary>Reads the header.</summary>
    /// <exception cref="EndOfStreamException">It is not whole.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    protected abstract BitmapHeader ParseBitmapHeader(ReadOnlySpan<byte> encoded);

    /// <summary>
    /// Returns a copy of a file, changed where ImageSharp would not read it; <see langword="null"/> where it may be read as it is.
    /// </summary>
    protected virtual byte[]? Rewrite(ReadOnlySpan<byte> encoded) => null;

    /// <summary>ImageSharp rounds when it makes 8 bits of fewer; Pillow does not.</summary>
    private static byte Scale(byte value, int highest) => (byte)(((((value * highest) + 127) / 255) * 255) / highest);

    private unsafe Image<Rgb24> Read(ReadOnlySpan<byte> file)
    {
        fixed (byte* data = file)
        {
            using var stream = new ExactStream(data, file.Length);
            try
            {
                return Reader.Decode<Rgb24>(s_configuration, stream, CancellationToken.None);
            }
            catch (Exception exception) when (IsOfTheFile(exception))
            {
                throw new InvalidDataException(exception.Message, exception);
            }
        }
    }

    /// <summary>Indicates one of the exceptions that ImageSharp throws for a damaged file, on purpose or not.</summary>
    private static bool IsOfTheFile(Exception exception) => exception
        is ImageFormatException or NotSupportedException or ArgumentException or IndexOutOfRangeException or OverflowException
        or NullReferenceException or InvalidOperationException or ImageProcessingException;
}
