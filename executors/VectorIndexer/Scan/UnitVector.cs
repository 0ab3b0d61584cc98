using System.Numerics.Tensors;

namespace FlowKit.Executors.Scan;

/// <summary>Vectors of length 1.</summary>
internal static class UnitVector
{
    /// <summary>
    /// Scales a vector to length 1. The zero vector has no direction: it stays zero, and its cosine with everything is 0.
    /// </summary>
    public static void Write(ReadOnlySpan<float> vector, Span<float> target)
    {
        var norm = TensorPrimitives.Norm(vector);
        if (float.IsNormal(norm))
        {
            TensorPrimitives.Divide(vector, norm, target);
            return;
        }

        // The squares of very large or very small numbers leave the range of a float, the numbers themselves do not.
        var largest = Math.Abs(TensorPrimitives.MaxMagnitude(vector));
        if (largest == 0)
        {
            target.Clear();
            return;
        }

        TensorPrimitives.Divide(vector, largest, target);
        TensorPrimitives.Divide(target, TensorPrimitives.Norm(target), target);
    }
}
