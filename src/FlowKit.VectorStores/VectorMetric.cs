namespace FlowKit.VectorStores;

/// <summary>The measures of nearness. A score stands under the measure's name in lower case.</summary>
public enum VectorMetric
{
    /// <summary>The cosine of the angle, -1 to 1: more is nearer. The length of a vector says nothing.</summary>
    Cosine,

    /// <summary>The dot product: more is nearer.</summary>
    Dot,

    /// <summary>The Euclidean distance: less is nearer.</summary>
    L2,
}
