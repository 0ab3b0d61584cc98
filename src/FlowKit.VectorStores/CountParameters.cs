using System.Text.Json.Nodes;

namespace FlowKit.VectorStores;

/// <summary>The parameters of <c>/count</c>.</summary>
public sealed class CountParameters
{
    /// <summary>The condition on the documents; all of them when absent.</summary>
    public JsonNode? Filter { get; set; }
}
