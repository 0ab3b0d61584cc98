using FlowKit.Imaging;

namespace FlowKit.Clip.Preprocessing;

/// <summary>Computes the position of the model's square in the resized picture, by torchvision's rules.</summary>
internal static class CropWindows
{
    /// <summary>The columns and rows to compute.</summary>
    /// <param name="width">The picture's width.</param>
    /// <param name="height">The picture's height.</param>
    /// <param name="size">The side of the square.</param>
    /// <param name="mode">The way the picture becomes square.</param>
    internal static (PixelWindow Columns, PixelWindow Rows) Of(int width, int height, int size, ResizeMode mode) =>
        mode == ResizeMode.Squash
            ? (new PixelWindow(width, size, 0, size), new PixelWindow(height, size, 0, size))
            : (Centred(width, Math.Min(width, height), size), Centred(height, Math.Min(width, height), size));

    private static PixelWindow Centred(int side, int shorter, int size)
    {
        // The longer side is cut off, not rounded; the margin is rounded half to even.
        var resized = (long)size * side / shorter;
        return new PixelWindow(side, resized, (long)Math.Round((resized - size) / 2.0, MidpointRounding.ToEven), size);
    }

    /// <summary>
    /// The size of a picture whose longer side becomes <paramref name="size"/>, by open_clip's rule: the other is rounded half to even.
    /// </summary>
    internal static (int Width, int Height) Fitted(int width, int height, int size)
    {
        var ratio = Math.Max(width, height) / (double)size;
        return (Side(width), Side(height));

        int Side(int side) => Math.Clamp((int)Math.Round(side / ratio, MidpointRounding.ToEven), 1, size);
    }
}
