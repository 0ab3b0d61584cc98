using System.ComponentModel.DataAnnotations;

namespace FlowKit.Executors;

/// <summary>The options of a <see cref="VectorIndexer"/>.</summary>
public sealed class VectorIndexerOptions
{
    /// <summary>The number of matches of a search whose request does not state one; 10 by default.</summary>
    [Range(1, 10_000)]
    public int Limit { get; set; } = 10;

    /// <summary>Keep <c>blob</c> and <c>tensor</c> of indexed documents; off, since the content usually lies elsewhere.</summary>
    public bool StoreContent { get; set; }

    /// <summary>Take embeddings out of replies, where they are most of the bytes; off.</summary>
    public bool DropEmbedding { get; set; }
}
