using System.Text.Json.Serialization;

namespace FlowKit.Serving.Gateway.Http.Schemas;

/// <summary>Readiness: true when every executor serves, as the OpenAPI page describes it.</summary>
internal sealed record ReadySchema
{
    [JsonPropertyName("ready")]
    public bool Ready { get; init; }

    [JsonPropertyName("executors")]
    public IReadOnlyList<ExecutorHealthSchema> Executors { get; init; } = [];
}
