using System.Numerics.Tensors;

namespace FlowKit.Clip;

/// <summary>Scores between embeddings. A vector that is zero or not a number scores 0 with everything.</summary>
public static class ClipScoring
{
    /// <summary>The length of a vector.</summary>
    /// <param name="vector">The vector.</param>
    public static float Norm(ReadOnlySpan<float> vector) => TensorPrimitives.Norm(vector);

    /// <summary>Scales a vector to length 1, in place; a zero vector stays.</summary>
    /// <param name="vector">The vector.</param>
    public static void Normalise(Span<float> vector)
    {
        var norm = Norm(vector);
        if (norm > 0 && float.IsFinite(norm))
        {
            TensorPrimitives.Divide(vector, norm, vector);
        }
    }

    /// <summary>The cosine of two vectors, -1 to 1.</summary>
    /// <param name="left">A vector.</param>
    /// <param name="right">A vector of the same length.</param>
    /// <exception cref="FlowKitException">Different lengths.</exception>
    public static float Cosine(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        if (left.Length != right.Length)
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"Embeddings of {left.Length} and {right.Length} values cannot be compared: they come from different models.");
        }

        var norms = (double)Norm(left) * Norm(right);
        var cosine = (float)(TensorPrimitives.Dot(left, right) / norms);
        return float.IsFinite(cosine) ? Math.Clamp(cosine, -1f, 1f) : 0f;
    }

    /// <summary>Probabilities of candidates: the softmax of cosine × scale + bias; they sum to 1.</summary>
    /// <param name="cosines">The candidates' cosines.</param>
    /// <param name="scale">The model's <see cref="ClipModelCard.LogitScale"/>.</param>
    /// <param name="bias">The model's <see cref="ClipModelCard.LogitBias"/>.</param>
    public static float[] Softmax(ReadOnlySpan<float> cosines, float scale, float bias = 0)
    {
        var result = new float[cosines.Length];
        if (cosines.IsEmpty)
        {
            return result;
        }

        // The largest exponent becomes 0: nothing overflows, whatever the scale.
        var max = float.NegativeInfinity;
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = ((float.IsNaN(cosines[i]) ? 0f : cosines[i]) * scale) + bias;
            max = Math.Max(max, result[i]);
        }

        var sum = 0.0;
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = MathF.Exp(result[i] - max);
            sum += result[i];
        }

        TensorPrimitives.Divide(result, (float)sum, result);
        return result;
    }

    /// <summary>The probability of each candidate by itself: the sigmoid of cosine × scale + bias; they need not sum to 1.</summary>
    /// <param name="cosines">The candidates' cosines.</param>
    /// <param name="scale">The model's <see cref="ClipModelCard.LogitScale"/>.</param>
    /// <param name="bias">The model's <see cref="ClipModelCard.LogitBias"/>.</param>
    public static float[] Sigmoid(ReadOnlySpan<float> cosines, float scale, float bias)
    {
        var result = new float[cosines.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = 1f / (1f + MathF.Exp(-(((float.IsNaN(cosines[i]) ? 0f : cosines[i]) * scale) + bias)));
        }

        return result;
    }

    /// <summary>The order of scores, best first; equal scores keep their places.</summary>
    /// <param name="scores">The scores; one that is not a number counts as 0.</param>
    /// <returns>Indices into <paramref name="scores"/>.</returns>
    public static int[] Rank(ReadOnlySpan<float> scores)
    {
        var values = scores.ToArray();
        return [.. Enumerable.Range(0, values.Length).OrderByDescending(i => float.IsNaN(values[i]) ? 0f : values[i])];
    }
}
