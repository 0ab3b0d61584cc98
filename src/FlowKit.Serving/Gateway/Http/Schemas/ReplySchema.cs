using System.Text.Json.Serialization;

namespace FlowKit.Serving.Gateway.Http.Schemas;

/// <summary>The body of a reply, as the OpenAPI page describes it.</summary>
internal sealed record ReplySchema
{
    [JsonPropertyName("header")]
    public HeaderSchema? Header { get; init; }

    [JsonPropertyName("parameters")]
    public IReadOnlyDictionary<string, object>? Parameters { get; init; }

    [JsonPropertyName("routes")]
    public IReadOnlyList<RouteSchema>? Routes { get; init; }

    [JsonPropertyName("data")]
    public IReadOnlyList<DocumentSchema>? Data { get; init; }
}
