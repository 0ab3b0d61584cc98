using System.Text.Json.Serialization;

namespace FlowKit.Serving.Gateway.Http.Schemas;

/// <summary>The running flow as a graph, as the OpenAPI page describes it.</summary>
internal sealed record DrawnFlowSchema
{
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    /// <summary>Another one when the flow has been changed.</summary>
    [JsonPropertyName("version")]
    public int Version { get; init; }

    /// <summary>The executors, each after all that it needs.</summary>
    [JsonPropertyName("executors")]
    public IReadOnlyList<DrawnExecutorSchema> Executors { get; init; } = [];

    /// <summary>The executors whose documents make the reply.</summary>
    [JsonPropertyName("reply")]
    public IReadOnlyList<string> Reply { get; init; } = [];

    [JsonPropertyName("endpoints")]
    public IReadOnlyList<DrawnEndpointSchema> Endpoints { get; init; } = [];
}
