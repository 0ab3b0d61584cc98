namespace FlowKit.Clip.Models;

/// <summary>A text and its expected embedding.</summary>
/// <param name="Text">The text.</param>
/// <param name="EmbeddingHead">The first values of the embedding, as the graph gives it.</param>
/// <param name="Norm">The embedding's length.</param>
public sealed record ClipTextCheck(string Text, IReadOnlyList<float> EmbeddingHead, float Norm);
