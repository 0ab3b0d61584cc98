using System.Text.Json.Nodes;

namespace FlowKit.VectorStores;

/// <summary>The parameters of <c>/get</c>: ids, or a page of all documents that a filter holds for.</summary>
public sealed class GetParameters
{
    /// <summary>Ids beside those of the documents.</summary>
    public IReadOnlyList<string>? Ids { get; set; }

    /// <summary>The condition on the documents; all of them when absent.</summary>
    public JsonNode? Filter { get; set; }

    /// <summary>The number of documents of a page; the executor's own <c>limit</c> when absent.</summary>
    public double? Limit { get; set; }

    /// <summary>The <c>cursor</c> that the page before reported; the first page when absent.</summary>
    public string? Cursor { get; set; }

    /// <summary>The names of the fields that documents have; all but the embedding when absent.</summary>
    public IReadOnlyList<string>? Return { get; set; }

    /// <summary>Indicates whether embeddings are returned too; off by default.</summary>
    public bool ReturnEmbeddings { get; set; }
}
