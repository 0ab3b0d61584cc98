namespace FlowKit.Imaging;

/// <summary>The header of a picture.</summary>
/// <param name="Format">The file format.</param>
/// <param name="Width">Pixels per row as stored.</param>
/// <param name="Height">Rows as stored.</param>
/// <param name="Orientation">The EXIF orientation, 1 (upright) to 8.</param>
public readonly record struct ImageHeader(ImageFormat Format, int Width, int Height, int Orientation);
