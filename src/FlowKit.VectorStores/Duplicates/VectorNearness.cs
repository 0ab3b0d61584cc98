using System.Numerics.Tensors;

namespace FlowKit.VectorStores.Duplicates;

/// <summary>Scores of two vectors that are in no store yet.</summary>
internal static class VectorNearness
{
    /// <summary>The score of two vectors.</summary>
    public static float Score(VectorMetric metric, ReadOnlySpan<float> left, ReadOnlySpan<float> right) => metric switch
    {
        VectorMetric.Cosine => Cosine(left, right),
        VectorMetric.Dot => TensorPrimitives.Dot(left, right),
        _ => TensorPrimitives.Distance(left, right),
    };

    /// <summary>Tells whether a score is at least as near as another.</summary>
    public static bool Reaches(this VectorMetric metric, float score, float threshold) =>
        metric == VectorMetric.L2 ? score <= threshold : score >= threshold;

    /// <summary>The cosine, exactly 1 for two vectors that are the same, so that a threshold of 1 finds them.</summary>
    private static float Cosine(ReadOnlySpan<float> left, ReadOnlySpan<float> right) => (float)(TensorPrimitives.Dot(left, right)
        / Math.Sqrt((double)TensorPrimitives.Dot(left, left) * TensorPrimitives.Dot(right, right)));
}
