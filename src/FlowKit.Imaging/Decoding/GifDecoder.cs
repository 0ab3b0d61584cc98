using FlowKit.Imaging.Decoding.Gif;

namespace FlowKit.Imaging.Decoding;

/// <summary>GIF, of which the first frame is taken.</summary>
/// <remarks>
/// libvips makes transparent pixels black; their colour in the palette, which Pillow gives, is lost by then. So the file is read here.
/// </remarks>
internal sealed class GifDecoder : FormatDecoder
{
    /// <summary>The first row and the distance of rows of each pass of an interlaced frame.</summary>
    private static readonly (int First, int Step)[] s_passes = [(0, 8), (4, 8), (2, 4), (1, 2)];

    private static readonly (int First, int Step)[] s_onePass = [(0, 1)];

    /// <inheritdoc/>
    public override ImageFormat Format => ImageFormat.Gif;

    /// <inheritdoc/>
    public override bool Recognises(ReadOnlySpan<byte> data) => data is [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..];

    /// <inheritdoc/>
    protected override ImageHeader ParseHeader(ReadOnlySpan<byte> encoded)
    {
        var frame = GifFrame.Read(encoded);
        return new ImageHeader(Format, frame.Width, frame.Height, Orientation: 1);
    }

    /// <inheritdoc/>
    protected override RgbImage ParsePixels(ReadOnlySpan<byte> encoded, ImageDecodeOptions options)
    {
        var frame = GifFrame.Read(encoded);
        CheckSize(frame.Width, frame.Height, options);
        using var rent = options.Rent((long)frame.Area.Width * frame.Area.Height);
        var rented = PixelArrays.Rent(frame.Area.Width * frame.Area.Height);
        try
        {
            var indices = rented.AsSpan(0, frame.Area.Width * frame.Area.Height);
            new GifLzw(frame.Data).Fill(indices);
            var image = RgbImage.New(frame.Width, frame.Height, options);
            Draw(frame, indices, image);
            return image;
        }
        finally
        {
            PixelArrays.Return(rented);
        }
    }

    private static void Draw(GifFrame frame, ReadOnlySpan<byte> indices, RgbImage image)
    {
        // An index beyond the palette is a shade of gray, as all are where there is no palette.
        Span<byte> colours = stackalloc byte[256 * 3];
        for (var i = 0; i < colours.Length; i++)
        {
            colours[i] = (byte)(i / 3);
        }

        frame.Palette.CopyTo(colours);
        var area = frame.Area;
        var pixels = image.Pixels.Span;
        if ((area.Width, area.Height) != (image.Width, image.Height))
        {
            Fill(pixels, colours.Slice(frame.Around * 3, 3));
        }

        foreach (var (first, step) in frame.Interlaced ? s_passes : s_onePass)
        {
            for (var row = first; row < area.Height; row += step)
            {
                var at = (((area.Top + row) * image.Width) + area.Left) * 3;
                foreach (var index in indices[..area.Width])
                {
                    colours.Slice(index * 3, 3).CopyTo(pixels[at..]);
                    at += 3;
                }

                indices = indices[area.Width..];
            }
        }
    }

    private static void Fill(Span<byte> pixels, ReadOnlySpan<byte> colour)
    {
        for (var at = 0; at < pixels.Length; at += 3)
        {
            colour.CopyTo(pixels[at..]);
        }
    }
}
