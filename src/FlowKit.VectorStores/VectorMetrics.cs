namespace FlowKit.VectorStores;

/// <summary>Names and scores of the measures.</summary>
public static class VectorMetrics
{
    /// <summary>The name under which a document has its score.</summary>
    /// <param name="metric">The measure.</param>
    public static string NameOf(this VectorMetric metric) => metric switch
    {
        VectorMetric.Cosine => "cosine",
        VectorMetric.Dot => "dot",
        _ => "l2",
    };

    /// <summary>Returns a score with the operation that tells whoever merges shards which way is better.</summary>
    /// <param name="metric">The measure.</param>
    /// <param name="value">The score.</param>
    /// <param name="queryId">The id of the query.</param>
    public static NamedScore ToScore(this VectorMetric metric, float value, string queryId) => metric switch
    {
        VectorMetric.Cosine => new NamedScore(value, "cosine", RefId: queryId),
        VectorMetric.Dot => new NamedScore(value, "similarity", RefId: queryId),
        _ => new NamedScore(value, "l2", RefId: queryId),
    };
}
