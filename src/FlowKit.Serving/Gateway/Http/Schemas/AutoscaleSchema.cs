using System.Text.Json.Serialization;

namespace FlowKit.Serving.Gateway.Http.Schemas;

/// <summary>The state of an executor whose replicas follow its load, as the OpenAPI page describes it.</summary>
internal sealed record AutoscaleSchema
{
    [JsonPropertyName("min")]
    public int Min { get; init; }

    [JsonPropertyName("max")]
    public int Max { get; init; }

    /// <summary>The calls under way or waiting that a replica is to have.</summary>
    [JsonPropertyName("target")]
    public double Target { get; init; }

    /// <summary>The calls under way or waiting in the last second, on average.</summary>
    [JsonPropertyName("in_flight")]
    public double InFlight { get; init; }

    /// <summary>The last change and its reason; null when there was none.</summary>
    [JsonPropertyName("last_change")]
    public string? LastChange { get; init; }

    /// <summary>The time of the last change, in milliseconds since 1970.</summary>
    [JsonPropertyName("changed_at")]
    public long? ChangedAt { get; init; }
}
