namespace FlowKit.Clip.Models;

/// <summary>
/// Inputs with the embeddings that a model must give, stored when it was exported; see <see cref="ClipModelCard.SelfTest"/>.
/// </summary>
public sealed record ClipSelfTest
{
    /// <summary>The largest difference allowed in a cosine and in a value of an embedding scaled to length 1.</summary>
    public float Tolerance { get; init; } = 2e-3f;

    /// <summary>Texts with their embeddings.</summary>
    public IReadOnlyList<ClipTextCheck> Texts { get; init; } = [];

    /// <summary>Plain pictures with their embeddings.</summary>
    public IReadOnlyList<ClipImageCheck> Images { get; init; } = [];

    /// <summary>The cosine of each image (rows) with each text (columns).</summary>
    public IReadOnlyList<IReadOnlyList<float>> Cross { get; init; } = [];
}
