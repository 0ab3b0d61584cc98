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

    /// <summary>The words that are searched for; those of each document's <c>text</c> when absent.</summary>
    public string? Query { get; set; }

    /// <summary>
    /// The weight of the vectors beside the words: 1 for vectors alone, 0 for words alone, which needs no embedding. When absent, 0.5 where
    /// another parameter of words is there, or else 1.
    /// </summary>
    public double? Alpha { get; set; }

    /// <summary>
    /// The way in which the list of the vectors and that of the words become one: <c>rrf</c> (reciprocal rank fusion; when absent) by the
    /// places in both, or <c>relative_score</c> by both scores, each list's scaled to 0 … 1.
    /// </summary>
    public string? Fusion { get; set; }

    /// <summary>The number that <c>rrf</c> adds to every place (its k); 60 when absent.</summary>
    public double? RankConstant { get; set; }

    /// <summary>
    /// The number of matches of each list that become one, at least <c>offset</c> + <c>limit</c>; 100 when absent. It must be the same for
    /// all pages of a search.
    /// </summary>
    public double? RankWindowSize { get; set; }
}
