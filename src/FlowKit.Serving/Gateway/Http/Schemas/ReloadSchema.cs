using System.Text.Json.Serialization;

namespace FlowKit.Serving.Gateway.Http.Schemas;

/// <summary>That the flow's files were read again and applied, as the OpenAPI page describes it.</summary>
internal sealed record ReloadSchema
{
    [JsonPropertyName("reloaded")]
    public bool Reloaded { get; init; }
}
