namespace FlowKit.Imaging.Decoding;

/// <summary>The memory that receives a picture's pixels, strip by strip: all of them, or a strip at a time.</summary>
internal abstract class PixelTarget(int width, int height)
{
    /// <summary>Pixels per row.</summary>
    public int Width { get; } = width;

    /// <summary>Rows of the picture.</summary>
    public int Height { get; } = height;

    // Few enough that what libvips allocates for a strip comes from the heap and stays there: larger blocks are mapped anew each time. Very
    // wide rows are fewer still.
    /// <summary>Rows of a strip.</summary>
    public int StripRows { get; } = Math.Clamp(MaxStripBytes / 3 / width, 1, MaxStripRows);

    /// <summary>Rows that there is memory for.</summary>
    public abstract int Rows { get; }

    /// <summary>The memory.</summary>
    public abstract Span<byte> Pixels { get; }

    private const int MaxStripRows = 32;
    private const int MaxStripBytes = 4 << 20;

    /// <summary>Returns the row of the memory that a strip begins at.</summary>
    /// <param name="row">The picture's row.</param>
    public abstract int PlaceOf(int row);

    /// <summary>Is told that a strip is there.</summary>
    /// <param name="row">The picture's row.</param>
    /// <param name="count">The rows of the strip.</param>
    public abstract void Finish(int row, int count);
}
