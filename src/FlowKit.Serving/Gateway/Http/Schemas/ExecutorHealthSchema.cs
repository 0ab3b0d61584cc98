using System.Text.Json.Serialization;

namespace FlowKit.Serving.Gateway.Http.Schemas;

/// <summary>The health of the replicas of an executor, or of one of its shards, as the OpenAPI page describes it.</summary>
internal sealed record ExecutorHealthSchema
{
    [JsonPropertyName("executor")]
    public string? Executor { get; init; }

    [JsonPropertyName("shard")]
    public int Shard { get; init; }

    /// <summary>The number of replicas that there are to be.</summary>
    [JsonPropertyName("replicas")]
    public int Replicas { get; init; }

    /// <summary>The number of replicas that serve.</summary>
    [JsonPropertyName("ready")]
    public int Ready { get; init; }

    /// <summary>The number of times that a replica was restarted or replaced.</summary>
    [JsonPropertyName("restarts")]
    public int Restarts { get; init; }

    /// <summary>open: none serves, and requests are refused at once; closed otherwise.</summary>
    [JsonPropertyName("circuit")]
    public string? Circuit { get; init; }

    [JsonPropertyName("last_error")]
    public string? LastError { get; init; }

    /// <summary>The calls that are under way or wait.</summary>
    [JsonPropertyName("in_flight")]
    public double InFlight { get; init; }

    /// <summary>The time in milliseconds that the oldest request has waited.</summary>
    [JsonPropertyName("oldest_wait_ms")]
    public double OldestWaitMs { get; init; }

    /// <summary>The queue before it: requests, documents, bytes.</summary>
    [JsonPropertyName("queue")]
    public IReadOnlyDictionary<string, long>? Queue { get; init; }

    /// <summary>The limits between which replicas follow the load, and the last change; left out where they do not.</summary>
    [JsonPropertyName("autoscale")]
    public AutoscaleSchema? Autoscale { get; init; }
}
