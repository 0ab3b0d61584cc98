using System.Text.Json.Nodes;

namespace FlowKit.VectorStores;

/// <summary>The parameters of <c>/delete</c>.</summary>
public sealed class DeleteParameters
{
    /// <summary>Ids beside those of the documents.</summary>
    public IReadOnlyList<string>? Ids { get; set; }

    /// <summary>The condition on the documents that are removed; it stands alone, without documents and ids.</summary>
    public JsonNode? Filter { get; set; }
}
