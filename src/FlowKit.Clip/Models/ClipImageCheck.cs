namespace FlowKit.Clip.Models;

/// <summary>A picture of one colour and its expected embedding.</summary>
/// <param name="Rgb">Red, green, blue, 0 to 255.</param>
/// <param name="EmbeddingHead">The first values of the embedding, as the graph gives it.</param>
/// <param name="Norm">The embedding's length.</param>
public sealed record ClipImageCheck(IReadOnlyList<int> Rgb, IReadOnlyList<float> EmbeddingHead, float Norm);
