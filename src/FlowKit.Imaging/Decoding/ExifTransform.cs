namespace FlowKit.Imaging.Decoding;

/// <summary>Turns and mirrors pixels as an EXIF orientation asks.</summary>
internal static class ExifTransform
{
    /// <summary>Indicates an orientation other than upright.</summary>
    internal static bool Turns(int orientation) => orientation is >= 2 and <= 8;

    /// <summary>The upright picture; <paramref name="image"/> itself where it is upright already.</summary>
    /// <param name="image">The picture as stored; disposed when another one is returned.</param>
    /// <param name="orientation">1 to 8; others count as 1.</param>
    /// <param name="options">How another picture is made.</param>
    internal static RgbImage Of(RgbImage image, int orientation, ImageDecodeOptions options)
    {
        if (!Turns(orientation))
        {
            return image;
        }

        var turned = orientation >= 5;
        var (width, height) = turned ? (image.Height, image.Width) : (image.Width, image.Height);
        var result = RgbImage.New(width, height, options);
        var from = image.Pixels.Span;
        var to = result.Pixels.Span;
        for (var y = 0; y < result.Height; y++)
        {
            for (var x = 0; x < result.Width; x++)
            {
                var (column, row) = Source(orientation, x, y, image.Width - 1, image.Height - 1);
                from.Slice(((row * image.Width) + column) * 3, 3).CopyTo(to[(((y * result.Width) + x) * 3)..]);
            }
        }

        image.Dispose();
        return result;
    }

    private static (int Column, int Row) Source(int orientation, int x, int y, int right, int bottom) => orientation switch
    {
        2 => (right - x, y),
        3 => (right - x, bottom - y),
        4 => (x, bottom - y),
        5 => (y, x),
        6 => (y, bottom - x),
        7 => (right - y, bottom - x),
        _ => (right - y, x),
    };
}
