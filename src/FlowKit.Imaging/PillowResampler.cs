using FlowKit.Imaging.Resampling;

namespace FlowKit.Imaging;

/// <summary>
/// Pillow's 8-bit resize, to the last bit: the horizontal pass first, rounded and clamped to bytes, then the vertical pass.
/// Only the wanted part of the result is computed.
/// </summary>
public static class PillowResampler
{
    /// <summary>Resizes <paramref name="image"/> and writes a window of the result.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="horizontal">The columns: input size, full output size, wanted window.</param>
    /// <param name="vertical">The rows likewise.</param>
    /// <param name="filter">The weighting.</param>
    /// <param name="target">Receives <c>vertical.Count × horizontal.Count × 3</c> bytes.</param>
    /// <exception cref="ArgumentException">The windows do not fit the picture or the target.</exception>
    public static void Resize(RgbImage image, PixelWindow horizontal, PixelWindow vertical, ResampleFilter filter, Span<byte> target) =>
        Resize(image, horizontal, vertical, filter, target, VectorWidths.Widest);

    /// <summary>Resizes with vectors of a width that this CPU has.</summary>
    internal static void Resize(
        RgbImage image,
        PixelWindow horizontal,
        PixelWindow vertical,
        ResampleFilter filter,
        Span<byte> target,
        VectorWidth vectors)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (horizontal.Input != image.Width || vertical.Input != image.Height || target.Length < horizontal.Count * vertical.Count * 3)
        {
            throw new ArgumentException("The windows must fit the picture, and the target must hold the result.", nameof(target));
        }

        using var rows = new RowResampler(horizontal, vertical, filter, null, vectors);
        rows.Add(0, image.Height, image.Pixels.Span);
        rows.Finish(target);
    }
}
