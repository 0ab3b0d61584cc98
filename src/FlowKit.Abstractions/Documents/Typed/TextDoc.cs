using System.Text.Json.Serialization;

namespace FlowKit;

/// <summary>A text: DocArray's TextDoc.</summary>
public sealed record TextDoc : BaseDoc
{
    /// <summary>The text.</summary>
    public string? Text { get; init; }

    /// <summary>The place where the text is.</summary>
    public string? Url { get; init; }

    /// <summary>Its vector.</summary>
    public NdArray? Embedding { get; init; }

    /// <summary>The text's bytes.</summary>
    [JsonPropertyName("bytes_")]
    public ReadOnlyMemory<byte>? Bytes { get; init; }
}
