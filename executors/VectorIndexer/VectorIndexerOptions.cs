using System.ComponentModel.DataAnnotations;

namespace FlowKit.Executors;

/// <summary>What <c>uses_with</c> sets of a <see cref="VectorIndexer"/>.</summary>
public sealed class VectorIndexerOptions
{
    /// <summary>How many matches a search gives when the request does not say; 10.</summary>
    [Range(1, 10_000)]
    public int Limit { get; set; } = 10;

    /// <summary>Keep <c>blob</c> and <c>tensor</c> of indexed documents; off, since the content usually lies elsewhere.</summary>
    public bool StoreContent { get; set; }

    /// <summary>Take embeddings out of replies, where they are most of the bytes; off.</summary>
    public bool DropEmbedding { get; set; }
}
