namespace FlowKit.Clip;

/// <summary>The result of classifying one embedding.</summary>
/// <param name="Label">The label that fits best; <see langword="null"/> when none fits well enough.</param>
/// <param name="Probabilities">The probability of each label, in the order of the classifier's labels.</param>
/// <param name="Cosines">The cosine to each label.</param>
public sealed record ZeroShotPrediction(string? Label, IReadOnlyList<float> Probabilities, IReadOnlyList<float> Cosines);
