using System.Text.Json.Serialization;

namespace FlowKit.Serving.Gateway.Http.Schemas;

/// <summary>The requests of late, as the OpenAPI page describes them.</summary>
internal sealed record RequestListSchema
{
    /// <summary>The slowest of the last minutes.</summary>
    [JsonPropertyName("slowest")]
    public IReadOnlyList<JournalEntrySchema> Slowest { get; init; } = [];

    /// <summary>The last that failed, the newest first.</summary>
    [JsonPropertyName("failed")]
    public IReadOnlyList<JournalEntrySchema> Failed { get; init; } = [];
}
