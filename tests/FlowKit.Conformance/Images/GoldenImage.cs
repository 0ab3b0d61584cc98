namespace FlowKit.Conformance.Images;

/// <summary>A file and the pixels that its reference decoder makes of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="File">Its bytes.</param>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Rgb">Three bytes for each pixel.</param>
public sealed record GoldenImage(string Name, byte[] File, int Width, int Height, byte[] Rgb);
