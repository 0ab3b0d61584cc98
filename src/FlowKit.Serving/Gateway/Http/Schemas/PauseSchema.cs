using System.Text.Json.Serialization;

namespace FlowKit.Serving.Gateway.Http.Schemas;

/// <summary>The pause of an executor, before which requests wait, as the OpenAPI page describes it.</summary>
internal sealed record PauseSchema
{
    /// <summary>The executor's name in the flow.</summary>
    [JsonPropertyName("executor")]
    public required string Executor { get; init; }

    [JsonPropertyName("paused")]
    public required bool Paused { get; init; }
}
