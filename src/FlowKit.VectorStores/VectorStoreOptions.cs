using System.ComponentModel.DataAnnotations;

namespace FlowKit.VectorStores;

/// <summary>The options that every indexer has, whatever its store.</summary>
public abstract class VectorStoreOptions
{
    /// <summary>The number of matches of a search whose request does not state one; 10 by default.</summary>
    [Range(1, 10_000)]
    public int Limit { get; set; } = 10;

    /// <summary>
    /// Indicates whether <c>blob</c> and <c>tensor</c> of indexed documents are kept; off by default, since the content is usually stored
    /// by other means.
    /// </summary>
    public bool StoreContent { get; set; }

    /// <summary>
    /// Indicates whether vectors whose model nobody named are taken beside those of a named one; off by default, since the cosine of two
    /// models' vectors says nothing.
    /// </summary>
    public bool AllowUnnamed { get; set; }

    /// <summary>Indicates whether embeddings are taken out of replies, where they are most of the bytes; off by default.</summary>
    public bool DropEmbedding { get; set; }

    /// <summary>The measure of nearness: <c>cosine</c> (the default), <c>dot</c> or <c>l2</c>.</summary>
    public VectorMetric Metric { get; set; } = VectorMetric.Cosine;
}
