using System.Text.Json.Serialization;

namespace FlowKit.Serving.Gateway.Http.Schemas;

/// <summary>Whether the requests to an executor wait before it, as the OpenAPI page describes it.</summary>
internal sealed record PauseSchema
{
    /// <summary>The executor's name in the flow.</summary>
    [JsonPropertyName("executor")]
    public required string Executor { get; init; }

    [JsonPropertyName("paused")]
    public required bool Paused { get; init; }
}
