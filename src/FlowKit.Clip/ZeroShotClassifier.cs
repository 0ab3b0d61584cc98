using System.Numerics.Tensors;

namespace FlowKit.Clip;

/// <summary>
/// Labels pictures (or texts) that no one trained it for. Each label is the mean of its embeddings in several sentences, which is steadier
/// than one; probabilities come from the model's own scale, and what fits no label well enough gets none.
/// </summary>
public sealed class ZeroShotClassifier
{
    /// <summary>The placeholder of the label in a template.</summary>
    public const string Slot = "{}";

    private readonly ClipModelCard _card;
    private readonly float[][] _labels;
    private readonly float _abstainBelow;

    private ZeroShotClassifier(ClipModelCard card, IReadOnlyList<string> names, float[][] labels, float abstainBelow) =>
        (_card, Labels, _labels, _abstainBelow) = (card, names, labels, abstainBelow);

    /// <summary>A few sentences that fit most labels.</summary>
    public static IReadOnlyList<string> DefaultTemplates { get; } =
    [
        "a photo of a {}.",
        "a blurry photo of a {}.",
        "a close-up photo of a {}.",
        "a bright photo of a {}.",
        "a dark photo of a {}.",
        "a drawing of a {}.",
        "a picture of the {}.",
    ];

    /// <summary>The labels.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Embeds the labels, once.</summary>
    /// <param name="model">The model, which stays the caller's.</param>
    /// <param name="labels">At least one, none twice.</param>
    /// <param name="templates">Sentences with <c>{}</c> where the label goes; <see cref="DefaultTemplates"/> by default.</param>
    /// <param name="abstainBelow">The least probability of a label that is given; 0 always gives one.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="FlowKitException">No labels, the same twice, or a template without <c>{}</c>.</exception>
    public static ZeroShotClassifier Create(
        ClipModel model,
        IReadOnlyList<string> labels,
        IReadOnlyList<string>? templates = null,
        float abstainBelow = 0,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(labels);
        templates = templates is { Count: > 0 } ? templates : DefaultTemplates;
        Check(labels, templates, abstainBelow);
        model.Card.CheckScale();
        var sentences = labels
            .SelectMany(label => templates.Select(template => template.Replace(Slot, label, StringComparison.Ordinal)))
            .ToList();
        var embeddings = model.EncodeTexts(sentences, cancellation);
        var means = embeddings.Chunk(templates.Count).Select(Mean).ToArray();
        return new ZeroShotClassifier(model.Card, [.. labels], means, abstainBelow);
    }

    /// <summary>Labels an embedding of the same model.</summary>
    /// <param name="embedding">The embedding, of any length.</param>
    /// <exception cref="FlowKitException">It comes from another model.</exception>
    public ZeroShotPrediction Classify(ReadOnlySpan<float> embedding)
    {
        var cosines = new float[_labels.Length];
        for (var i = 0; i < cosines.Length; i++)
        {
            cosines[i] = ClipScoring.Cosine(embedding, _labels[i]);
        }

        var probabilities = _card.Probabilities(cosines);
        var best = ClipScoring.Rank(probabilities)[0];
        return new ZeroShotPrediction(probabilities[best] >= _abstainBelow ? Labels[best] : null, probabilities, cosines);
    }

    private static void Check(IReadOnlyList<string> labels, IReadOnlyList<string> templates, float abstainBelow)
    {
        if (labels.Count == 0)
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, "labels: at least one is expected.");
        }

        var wrong = labels
            .GroupBy(label => label, StringComparer.Ordinal)
            .FirstOrDefault(group => group.Count() > 1 || string.IsNullOrWhiteSpace(group.Key));
        if (wrong is not null)
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"labels: '{wrong.Key}' is {(string.IsNullOrWhiteSpace(wrong.Key) ? "no label" : "there twice")}.");
        }

        if (templates.FirstOrDefault(template => !template.Contains(Slot, StringComparison.Ordinal)) is { } flat)
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, $"templates: '{flat}' has no {Slot} where the label goes.");
        }

        if (abstainBelow is not (>= 0 and <= 1))
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"abstain_below: expected a probability from 0 to 1, not {abstainBelow}.");
        }
    }

    /// <summary>The mean of directions: each sentence counts the same, however long its vector is.</summary>
    private static float[] Mean(float[][] embeddings)
    {
        var sum = new float[embeddings[0].Length];
        foreach (var embedding in embeddings)
        {
            var norm = ClipScoring.Norm(embedding);
            TensorPrimitives.MultiplyAdd(embedding, norm > 0 ? 1 / norm : 0, sum, sum);
        }

        ClipScoring.Normalise(sum);
        return sum;
    }
}
