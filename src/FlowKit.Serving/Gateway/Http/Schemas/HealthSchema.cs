using System.Text.Json.Serialization;

namespace FlowKit.Serving.Gateway.Http.Schemas;

/// <summary>The answer to a probe, as the OpenAPI page describes it.</summary>
internal sealed record HealthSchema
{
    [JsonPropertyName("healthy")]
    public bool Healthy { get; init; }

    /// <summary>What does not serve, for holders of a key: executor and reason.</summary>
    [JsonPropertyName("faults")]
    public IReadOnlyList<IReadOnlyDictionary<string, string?>>? Faults { get; init; }
}
