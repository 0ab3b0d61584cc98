namespace FlowKit.Imaging.Decoding.Gif;

/// <summary>The place of a frame on its canvas.</summary>
internal readonly record struct GifArea(int Left, int Top, int Width, int Height);
