using System.Buffers;
using System.Numerics.Tensors;

namespace FlowKit.Clip.Inference.Pixels;

/// <summary>A picture's floats for a moment, on their way to a graph that takes halves.</summary>
internal readonly ref struct HalfPixels
{
    private readonly float[] _rented;

    public HalfPixels(int length)
    {
        _rented = ArrayPool<float>.Shared.Rent(length);
        Floats = _rented.AsSpan(0, length);
    }

    /// <summary>The floats, to be written.</summary>
    public Span<float> Floats { get; }

    /// <summary>Writes them as halves.</summary>
    public void CopyTo(Span<Half> target) => TensorPrimitives.ConvertToHalf(Floats, target);

    public void Dispose() => ArrayPool<float>.Shared.Return(_rented);
}
