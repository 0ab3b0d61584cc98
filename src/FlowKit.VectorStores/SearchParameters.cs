using System.Text.Json.Nodes;

namespace FlowKit.VectorStores;

/// <summary>The parameters of <c>/search</c>.</summary>
public sealed class SearchParameters
{
    /// <summary>The number of matches; the executor's own <c>limit</c> when absent. A text that holds a number is taken for it.</summary>
    public double? Limit { get; set; }

    /// <summary>The number of nearest matches that are passed over, for the pages after the first; 0 when absent.</summary>
    public double? Offset { get; set; }

    /// <summary>The condition on documents, in DocArray's query language: <c>{"city": {"$eq": "Oslo"}}</c>.</summary>
    public JsonNode? Filter { get; set; }

    /// <summary>The worst score that a match may have: the least cosine or dot product, the largest distance.</summary>
    public double? ScoreThreshold { get; set; }

    /// <summary>The names of the fields that matches have; all but the embedding when absent.</summary>
    public IReadOnlyList<string>? Return { get; set; }

    /// <summary>Indicates whether the matches' embeddings are returned too; off by default.</summary>
    public bool ReturnEmbeddings { get; set; }

    /// <summary>Indicates whether all vectors are looked at, also where there is a graph; off by default.</summary>
    public bool Exact { get; set; }

    /// <summary>The number of candidates that a search in a graph keeps; the executor's own <c>ef_search</c> when absent.</summary>
    public double? Ef { get; set; }
}
