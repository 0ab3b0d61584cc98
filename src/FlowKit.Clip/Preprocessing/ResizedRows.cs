using System.Buffers;
using FlowKit.Imaging;

namespace FlowKit.Clip.Preprocessing;

/// <summary>Resizes a picture to the model's square while it is decoded.</summary>
/// <param name="spec">The picture that the model expects.</param>
/// <param name="budget">Pays for the memory; <see langword="null"/> where nobody counts.</param>
internal sealed class ResizedRows(ClipImageSpec spec, PixelBudget? budget) : IPixelReceiver, IDisposable
{
    private RowResampler? _rows;
    private (int Width, int Height) _size;

    public void Begin(int width, int height)
    {
        var (columns, rows) = WindowsOf(width, height);
        _size = (columns.Count, rows.Count);
        _rows = new RowResampler(columns, rows, spec.Filter, budget);
    }

    public void Add(int row, int count, ReadOnlySpan<byte> pixels) => _rows!.Add(row, count, pixels);

    /// <summary>Writes the square, when all rows have come.</summary>
    /// <param name="target">Receives <c>size × size × 3</c> bytes.</param>
    public void Finish(Span<byte> target)
    {
        if (spec.Resize != ResizeMode.Longest)
        {
            _rows!.Finish(target);
            return;
        }

        var pixels = ArrayPool<byte>.Shared.Rent(_size.Width * _size.Height * 3);
        try
        {
            _rows!.Finish(pixels);
            Pad(pixels, target[..(3 * spec.Size * spec.Size)]);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(pixels);
        }
    }

    public void Dispose() => _rows?.Dispose();

    private (PixelWindow Columns, PixelWindow Rows) WindowsOf(int width, int height)
    {
        if (spec.Resize != ResizeMode.Longest)
        {
            return CropWindows.Of(width, height, spec.Size, spec.Resize);
        }

        var fitted = CropWindows.Fitted(width, height, spec.Size);
        return (new PixelWindow(width, fitted.Width, 0, fitted.Width), new PixelWindow(height, fitted.Height, 0, fitted.Height));
    }

    private void Pad(ReadOnlySpan<byte> pixels, Span<byte> target)
    {
        var (left, top) = ((spec.Size - _size.Width) / 2, (spec.Size - _size.Height) / 2);
        target.Fill(spec.FillColor);
        for (var row = 0; row < _size.Height; row++)
        {
            pixels.Slice(row * _size.Width * 3, _size.Width * 3).CopyTo(target[((((top + row) * spec.Size) + left) * 3)..]);
        }
    }
}
