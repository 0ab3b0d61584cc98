using System.Text.Json.Serialization;

namespace FlowKit.Serving.Gateway.Http.Schemas;

/// <summary>A hop of a request, as the OpenAPI page describes it.</summary>
internal sealed record RouteSchema
{
    [JsonPropertyName("executor")]
    public string? Executor { get; init; }

    [JsonPropertyName("startTime")]
    public DateTimeOffset? StartTime { get; init; }

    [JsonPropertyName("endTime")]
    public DateTimeOffset? EndTime { get; init; }

    [JsonPropertyName("status")]
    public StatusSchema? Status { get; init; }
}
