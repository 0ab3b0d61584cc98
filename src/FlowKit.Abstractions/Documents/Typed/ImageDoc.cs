using System.Text.Json.Serialization;

namespace FlowKit;

/// <summary>A picture: DocArray's ImageDoc.</summary>
public sealed record ImageDoc : BaseDoc
{
    /// <summary>The place where the picture is.</summary>
    public string? Url { get; init; }

    /// <summary>The decoded pixels, H×W×3 uint8 as a rule.</summary>
    public NdArray? Tensor { get; init; }

    /// <summary>Its vector.</summary>
    public NdArray? Embedding { get; init; }

    /// <summary>The picture's file.</summary>
    [JsonPropertyName("bytes_")]
    public ReadOnlyMemory<byte>? Bytes { get; init; }
}
