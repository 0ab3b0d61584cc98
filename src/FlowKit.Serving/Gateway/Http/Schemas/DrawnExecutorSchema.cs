using System.Text.Json.Serialization;

namespace FlowKit.Serving.Gateway.Http.Schemas;

/// <summary>An executor in the graph of a flow, as the OpenAPI page describes it.</summary>
internal sealed record DrawnExecutorSchema
{
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("uses")]
    public string? Uses { get; init; }

    /// <summary>in-process, process, container or remote.</summary>
    [JsonPropertyName("place")]
    public string? Place { get; init; }

    /// <summary>The executors that its documents come from; gateway for the flow's entry.</summary>
    [JsonPropertyName("needs")]
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>True where the reply does not wait for it.</summary>
    [JsonPropertyName("floating")]
    public bool Floating { get; init; }
}
