using FlowKit.Imaging.Vips;

namespace FlowKit.Imaging.Decoding;

/// <summary>An image libvips has opened over pinned bytes: the header is read, the pixels are not.</summary>
internal unsafe ref struct OpenedImage
{
    private GValue _owner;

    private OpenedImage(VipsDecoder decoder, GValue owner)
    {
        Decoder = decoder;
        _owner = owner;
        Image = VipsNative.GetObject(owner);
        Header = new ImageHeader(decoder.Format, VipsNative.Width(Image), VipsNative.Height(Image), VipsNative.Orientation(Image));
    }

    /// <summary>The decoder that has opened it.</summary>
    internal VipsDecoder Decoder { get; }

    /// <summary>The <c>VipsImage</c>, valid until disposed.</summary>
    internal nint Image { get; }

    /// <summary>The header of the picture, after any shrinking.</summary>
    internal ImageHeader Header { get; }

    /// <summary>The kind of its pixels, as libvips tells it.</summary>
    internal readonly PixelKind Kind => new((SampleType)VipsNative.Format(Image), VipsNative.Bands(Image))
    {
        Interpretation = VipsNative.Interpretation(Image),
        IsWideGray = VipsNative.Bands(Image) == 1,
    };

    /// <summary>Opens <paramref name="data"/>, which must stay pinned until the result is disposed.</summary>
    internal static OpenedImage Open(VipsDecoder decoder, byte* data, int length, int shrink)
    {
        using var load = new VipsOperation(decoder.Loader);
        load.SetBytes("buffer", data, (nuint)length);
        if (!load.TryBuild(shrink > 1 ? $"access=sequential,fail_on=truncated,shrink={shrink}" : "access=sequential,fail_on=truncated"))
        {
            throw decoder.Unreadable(new ReadOnlySpan<byte>(data, length));
        }

        return new OpenedImage(decoder, load.Output("out", VipsNative.ImageType()));
    }

    public void Dispose()
    {
        if (Image != 0)
        {
            VipsNative.UnsetValue(ref _owner);
            this = default;
        }
    }
}
