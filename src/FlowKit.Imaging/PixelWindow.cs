namespace FlowKit.Imaging;

/// <summary>An axis of a resize, of which only a part is computed.</summary>
/// <param name="Input">Pixels there are.</param>
/// <param name="Output">Pixels the whole result would have.</param>
/// <param name="Start">The first wanted pixel of the result.</param>
/// <param name="Count">The number of output pixels to compute.</param>
public readonly record struct PixelWindow(int Input, long Output, long Start, int Count);
