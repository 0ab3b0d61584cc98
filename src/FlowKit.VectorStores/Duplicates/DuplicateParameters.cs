using System.Text.Json.Nodes;

namespace FlowKit.VectorStores.Duplicates;

/// <summary>The parameters of <c>/duplicates</c>.</summary>
public sealed class DuplicateParameters
{
    /// <summary>The score from which two documents are near-duplicates: the least cosine or dot product, the largest distance.</summary>
    public double? ScoreThreshold { get; set; }

    /// <summary>The number of documents whose duplicates are looked for; 100 when absent.</summary>
    public double? Limit { get; set; }

    /// <summary>The <c>cursor</c> that the page before reported; the first page when absent.</summary>
    public string? Cursor { get; set; }

    /// <summary>The condition on both documents of a pair; all of them when absent.</summary>
    public JsonNode? Filter { get; set; }

    /// <summary>The names of the fields that documents have; all but the embedding when absent.</summary>
    public IReadOnlyList<string>? Return { get; set; }

    /// <summary>Indicates whether embeddings are returned too; off by default.</summary>
    public bool ReturnEmbeddings { get; set; }

    /// <summary>Indicates whether all vectors are looked at, also where there is a graph; off by default.</summary>
    public bool Exact { get; set; }
}
