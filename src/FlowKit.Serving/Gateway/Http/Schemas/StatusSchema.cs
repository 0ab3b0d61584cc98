using System.Text.Json.Serialization;

namespace FlowKit.Serving.Gateway.Http.Schemas;

/// <summary>The status of a request, as the OpenAPI page describes it: code 0 for success, 1 for an error.</summary>
internal sealed record StatusSchema
{
    [JsonPropertyName("code")]
    public int Code { get; init; }

    [JsonPropertyName("description")]
    public string? Description { get; init; }
}
