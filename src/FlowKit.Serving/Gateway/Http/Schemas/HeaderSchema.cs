using System.Text.Json.Serialization;

namespace FlowKit.Serving.Gateway.Http.Schemas;

/// <summary>The header of a reply, as the OpenAPI page describes it.</summary>
internal sealed record HeaderSchema
{
    [JsonPropertyName("requestId")]
    public string? RequestId { get; init; }

    [JsonPropertyName("status")]
    public StatusSchema? Status { get; init; }

    [JsonPropertyName("execEndpoint")]
    public string? ExecEndpoint { get; init; }

    [JsonPropertyName("targetExecutor")]
    public string? TargetExecutor { get; init; }
}
