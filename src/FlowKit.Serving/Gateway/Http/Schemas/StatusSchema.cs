using System.Text.Json.Serialization;

namespace FlowKit.Serving.Gateway.Http.Schemas;

/// <summary>How a request went, as the OpenAPI page describes it: code 0 well, 1 with an error.</summary>
internal sealed record StatusSchema
{
    [JsonPropertyName("code")]
    public int Code { get; init; }

    [JsonPropertyName("description")]
    public string? Description { get; init; }
}
