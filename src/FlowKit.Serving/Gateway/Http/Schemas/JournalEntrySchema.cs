using System.Text.Json.Serialization;

namespace FlowKit.Serving.Gateway.Http.Schemas;

/// <summary>A request that was answered, as the OpenAPI page describes it.</summary>
internal sealed record JournalEntrySchema
{
    [JsonPropertyName("id")]
    public long Id { get; init; }

    [JsonPropertyName("endpoint")]
    public string? Endpoint { get; init; }

    /// <summary>The time at which it began, in milliseconds since 1970.</summary>
    [JsonPropertyName("start")]
    public long Start { get; init; }

    /// <summary>The time that it took, in milliseconds.</summary>
    [JsonPropertyName("ms")]
    public double Milliseconds { get; init; }

    [JsonPropertyName("documents")]
    public int Documents { get; init; }

    /// <summary>Its hops: executor, from_ms and to_ms since it began, the documents of the batch.</summary>
    [JsonPropertyName("hops")]
    public IReadOnlyList<IReadOnlyDictionary<string, object?>> Hops { get; init; } = [];
}
