using System.Text.Json.Serialization;

namespace FlowKit.Serving.Gateway.Http.Schemas;

/// <summary>The number of replicas of an executor that are to serve, as the OpenAPI page describes it.</summary>
internal sealed record ScaleSchema
{
    /// <summary>The executor's name in the flow.</summary>
    [JsonPropertyName("executor")]
    public required string Executor { get; init; }

    /// <summary>1 to 1024, of each of its shards.</summary>
    [JsonPropertyName("replicas")]
    public required int Replicas { get; init; }
}
