using System.Text.Json.Serialization;

namespace FlowKit.Serving.Gateway.Http.Schemas;

/// <summary>A document, as the OpenAPI page describes it.</summary>
internal sealed record DocumentSchema
{
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    [JsonPropertyName("text")]
    public string? Text { get; init; }

    [JsonPropertyName("blob")]
    public byte[]? Blob { get; init; }

    [JsonPropertyName("tensor")]
    public IReadOnlyList<object>? Tensor { get; init; }

    [JsonPropertyName("uri")]
    public string? Uri { get; init; }

    [JsonPropertyName("mime_type")]
    public string? MimeType { get; init; }

    [JsonPropertyName("embedding")]
    public IReadOnlyList<float>? Embedding { get; init; }

    [JsonPropertyName("tags")]
    public IReadOnlyDictionary<string, object>? Tags { get; init; }

    [JsonPropertyName("scores")]
    public IReadOnlyDictionary<string, ScoreSchema>? Scores { get; init; }

    [JsonPropertyName("chunks")]
    public IReadOnlyList<DocumentSchema>? Chunks { get; init; }

    [JsonPropertyName("matches")]
    public IReadOnlyList<DocumentSchema>? Matches { get; init; }
}
