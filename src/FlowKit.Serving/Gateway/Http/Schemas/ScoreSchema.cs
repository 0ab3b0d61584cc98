using System.Text.Json.Serialization;

namespace FlowKit.Serving.Gateway.Http.Schemas;

/// <summary>A named score, as the OpenAPI page describes it.</summary>
internal sealed record ScoreSchema
{
    [JsonPropertyName("value")]
    public float Value { get; init; }

    [JsonPropertyName("op_name")]
    public string? OpName { get; init; }

    [JsonPropertyName("description")]
    public string? Description { get; init; }

    [JsonPropertyName("ref_id")]
    public string? RefId { get; init; }
}
