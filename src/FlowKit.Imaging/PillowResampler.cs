using System.Buffers;
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

        var columns = ResampleWeights.Of(horizontal, filter);
        var rows = ResampleWeights.Of(vertical, filter);
        var firstRow = rows.Starts[0];
        var rowCount = rows.End - firstRow;
        var stride = RowStride(horizontal.Count);
        var between = ArrayPool<byte>.Shared.Rent(checked((rowCount + rows.Reach) * stride));
        try
        {
            HorizontalPass.Run(image.Pixels.Span, image.Width * 3, firstRow, rowCount, columns, between, stride, vectors);
            VerticalPass.Run(between, stride, firstRow, rows, horizontal.Count * 3, target, vectors);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(between);
        }
    }

    // Room for whole vectors, and for the byte by which storing the last pixel as four bytes overshoots.
    private static int RowStride(int pixels) => (pixels * 3 + 1 + 31) / 32 * 32;
}
