using System.Text.Json.Serialization;

namespace FlowKit.Serving.Gateway.Http.Schemas;

/// <summary>The answer to a probe, as the OpenAPI page describes it.</summary>
internal sealed record HealthSchema
{
    [JsonPropertyName("healthy")]
    public bool Healthy { get; init; }

    /// <summary>The executors that do not serve, each with the reason, for holders of a key.</summary>
    [JsonPropertyName("faults")]
    public IReadOnlyList<IReadOnlyDictionary<string, string?>>? Faults { get; init; }
}
