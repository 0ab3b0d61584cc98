namespace FlowKit.Imaging.Decoding.Bitmaps;

/// <summary>The header of a picture that ImageSharp reads.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
internal readonly record struct BitmapHeader(int Width, int Height)
{
    /// <summary>The name of what the header asks for and is not supported; <see langword="null"/> where all is.</summary>
    public string? Unsupported { get; init; }

    /// <summary>The bytes that the file has at least, where it is whole.</summary>
    public long MinBytes { get; init; }

    /// <summary>The highest values of red, green and blue where they have fewer than 8 bits; 0 where they have 8.</summary>
    public (int Red, int Green, int Blue) Highest { get; init; }
}
