using System.Text.Json.Serialization;

namespace FlowKit.Serving.Gateway.Http.Schemas;

/// <summary>The body of a request, as the OpenAPI page describes it.</summary>
internal sealed record RequestSchema
{
    /// <summary>The documents; an object with <c>docs</c> is read too.</summary>
    [JsonPropertyName("data")]
    public IReadOnlyList<DocumentSchema>? Data { get; init; }

    /// <summary>The parameters beside the documents.</summary>
    [JsonPropertyName("parameters")]
    public IReadOnlyDictionary<string, object>? Parameters { get; init; }

    /// <summary>A regular expression over executor names.</summary>
    [JsonPropertyName("targetExecutor")]
    public string? TargetExecutor { get; init; }

    /// <summary>The endpoint; read only by /post.</summary>
    [JsonPropertyName("execEndpoint")]
    public string? ExecEndpoint { get; init; }
}
