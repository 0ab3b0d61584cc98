using FlowKit.Imaging.Resampling;

namespace FlowKit.Imaging;

/// <summary>
/// Pillow's 8-bit resize of a picture that comes row by row, to the last bit: each row is made as narrow as the result when it comes, and
/// all that is kept is as high as the picture and as wide as the result.
/// </summary>
public sealed class RowResampler : IDisposable
{
    private readonly ResampleWeights _columns;
    private readonly ResampleWeights _rows;
    private readonly PixelWindow _horizontal;
    private readonly VectorWidth _vectors;
    private readonly int _firstRow;
    private readonly int _stride;
    private readonly PixelRent _rent;
    private byte[]? _between;

    /// <summary>Makes room for a picture.</summary>
    /// <param name="horizontal">The columns: input size, full output size, wanted window.</param>
    /// <param name="vertical">The rows likewise.</param>
    /// <param name="filter">The weighting.</param>
    /// <param name="budget">Pays for the memory; <see langword="null"/> where nobody counts.</param>
    /// <exception cref="FlowKitException">The picture is too long and narrow, or there is no memory for it.</exception>
    public RowResampler(PixelWindow horizontal, PixelWindow vertical, ResampleFilter filter, PixelBudget? budget = null)
        : this(horizontal, vertical, filter, budget, VectorWidths.Widest)
    {
    }

    internal RowResampler(
        PixelWindow horizontal, PixelWindow vertical, ResampleFilter filter, PixelBudget? budget, VectorWidth vectors)
    {
        (_horizontal, _vectors) = (horizontal, vectors);
        _columns = ResampleWeights.Of(horizontal, filter);
        _rows = ResampleWeights.Of(vertical, filter);
        _firstRow = _rows.Starts[0];
        _stride = RowStride(horizontal.Count);
        var bytes = (long)(_rows.End - _firstRow + _rows.Reach) * _stride;
        if (bytes > Array.MaxLength)
        {
            throw ResampleWeights.TooNarrow(horizontal.Input, vertical.Input);
        }

        _rent = budget?.Rent(bytes) ?? default;
        _between = PixelArrays.Rent((int)bytes);
    }

    /// <summary>Takes rows.</summary>
    /// <param name="row">The number of the first of them.</param>
    /// <param name="count">How many they are.</param>
    /// <param name="pixels">Their pixels, 3 bytes each, and perhaps more behind them.</param>
    public void Add(int row, int count, ReadOnlySpan<byte> pixels)
    {
        ObjectDisposedException.ThrowIf(_between is null, this);
        var first = Math.Max(row, _firstRow);
        var end = Math.Min(row + count, _rows.End);
        if (first < end)
        {
            var to = _between.AsSpan((first - _firstRow) * _stride);
            HorizontalPass.Run(pixels, _horizontal.Input * 3, first - row, end - first, _columns, to, _stride, _vectors);
        }
    }

    /// <summary>Writes the result, when all rows have come.</summary>
    /// <param name="target">Receives 3 bytes for each pixel of both windows.</param>
    public void Finish(Span<byte> target)
    {
        ObjectDisposedException.ThrowIf(_between is null, this);
        VerticalPass.Run(_between, _stride, _firstRow, _rows, _horizontal.Count * 3, target, _vectors);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _between, null) is { } between)
        {
            PixelArrays.Return(between);
            _rent.Dispose();
        }
    }

    // Room for whole vectors, and for the byte by which storing the last pixel as four bytes overshoots.
    private static int RowStride(int pixels) => (pixels * 3 + 1 + 31) / 32 * 32;
}
