using System.Text.Json.Serialization;

namespace FlowKit.Serving.Gateway.Http.Schemas;

/// <summary>An endpoint of a flow and who works on it, as the OpenAPI page describes it.</summary>
internal sealed record DrawnEndpointSchema
{
    [JsonPropertyName("endpoint")]
    public string? Endpoint { get; init; }

    /// <summary>The executors that work on it, in the order of the graph.</summary>
    [JsonPropertyName("executors")]
    public IReadOnlyList<string> Executors { get; init; } = [];

    /// <summary>The way through them, branches between bars, what floats behind a tilde.</summary>
    [JsonPropertyName("road")]
    public string? Road { get; init; }

    [JsonPropertyName("writes")]
    public bool Writes { get; init; }

    [JsonPropertyName("streams")]
    public bool Streams { get; init; }
}
