using System.Numerics;

namespace FlowKit.VectorStores.Duplicates;

/// <summary>Scores of two vectors that are in no store yet.</summary>
internal static class VectorNearness
{
    /// <summary>The score of two vectors.</summary>
    public static float Score(VectorMetric metric, ReadOnlySpan<float> left, ReadOnlySpan<float> right) => metric switch
    {
        VectorMetric.Cosine => (float)(Dot(left, right) / Math.Sqrt((double)Dot(left, left) * Dot(right, right))),
        VectorMetric.Dot => Dot(left, right),
        _ => Distance(left, right),
    };

    /// <summary>Tells whether a score is at least as near as another.</summary>
    public static bool Reaches(this VectorMetric metric, float score, float threshold) =>
        metric == VectorMetric.L2 ? score <= threshold : score >= threshold;

    private static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var (sum, i) = (Vector<float>.Zero, 0);
        for (; i + Vector<float>.Count <= left.Length; i += Vector<float>.Count)
        {
            sum += new Vector<float>(left[i..]) * new Vector<float>(right[i..]);
        }

        var rest = Vector.Sum(sum);
        for (; i < left.Length; i++)
        {
            rest += left[i] * right[i];
        }

        return rest;
    }

    private static float Distance(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var (sum, i) = (Vector<float>.Zero, 0);
        for (; i + Vector<float>.Count <= left.Length; i += Vector<float>.Count)
        {
            var difference = new Vector<float>(left[i..]) - new Vector<float>(right[i..]);
            sum += difference * difference;
        }

        var rest = Vector.Sum(sum);
        for (; i < left.Length; i++)
        {
            rest += (left[i] - right[i]) * (left[i] - right[i]);
        }

        return MathF.Sqrt(rest);
    }
}
