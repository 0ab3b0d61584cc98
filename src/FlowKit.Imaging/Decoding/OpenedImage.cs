using FlowKit.Imaging.Vips;

namespace FlowKit.Imaging.Decoding;

/// <summary>An image libvips has opened over pinned bytes: the header is read, the pixels are not.</summary>
internal unsafe ref struct OpenedImage
{
    private GValue _owner;

    private OpenedImage(ImageFormat format, GValue owner)
    {
        _owner = owner;
        Image = VipsNative.GetObject(owner);
        Header = new ImageHeader(format, VipsNative.Width(Image), VipsNative.Height(Image), VipsNative.Orientation(Image));
    }

    /// <summary>The <c>VipsImage</c>, valid until disposed.</summary>
    internal nint Image { get; }

    /// <summary>The header of the picture, after any shrinking.</summary>
    internal ImageHeader Header { get; }

    /// <summary>Opens <paramref name="data"/>, which must stay pinned until the result is disposed.</summary>
    internal static OpenedImage Open(ImageFormat format, byte* data, int length, int shrink)
    {
        using var load = new VipsOperation(Loader(format));
        load.SetBytes("buffer", data, (nuint)length);
        if (!load.TryBuild(shrink > 1 ? $"access=sequential,fail_on=truncated,shrink={shrink}" : "access=sequential,fail_on=truncated"))
        {
            throw Damaged(format, new ReadOnlySpan<byte>(data, length));
        }

        return new OpenedImage(format, load.Output("out", VipsNative.ImageType()));
    }

    /// <summary>The error for bytes that libvips cannot read, by what the bytes themselves show.</summary>
    internal static FlowKitException Damaged(ImageFormat format, ReadOnlySpan<byte> data)
    {
        var name = format is ImageFormat.WebP ? "WebP" : format.ToString().ToUpperInvariant();
        return new FlowKitException(
            FlowErrorCode.InvalidArgument,
            FormatSniffer.EndsEarly(format, data) ? $"The {name} data ends early." : $"The {name} data is damaged.");
    }

    public void Dispose()
    {
        if (Image != 0)
        {
            VipsNative.UnsetValue(ref _owner);
            this = default;
        }
    }

    private static string Loader(ImageFormat format) => format switch
    {
        ImageFormat.Jpeg => "jpegload_buffer",
        ImageFormat.Png => "pngload_buffer",
        ImageFormat.WebP => "webpload_buffer",
        ImageFormat.Gif => "gifload_buffer",
        _ => "tiffload_buffer",
    };
}
