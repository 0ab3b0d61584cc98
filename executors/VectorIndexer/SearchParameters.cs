namespace FlowKit.Executors;

/// <summary>The parameters that a request may send to a <see cref="VectorIndexer"/>.</summary>
public sealed class SearchParameters
{
    /// <summary>The number of matches; the executor's own <c>limit</c> when absent.</summary>
    public double? Limit { get; set; }

    /// <summary>For <c>/delete</c>: ids beside those of the documents.</summary>
    public IReadOnlyList<string>? Ids { get; set; }

    /// <summary>Indicates whether the matches' embeddings are returned too; off by default.</summary>
    public bool ReturnEmbeddings { get; set; }
}
