using System.ComponentModel.DataAnnotations;
using FlowKit.Executors.Labels;

namespace FlowKit.Executors;

/// <summary>The options of a <see cref="ZeroShotClassifierExecutor"/>.</summary>
public sealed class ZeroShotClassifierOptions : ClipDualEncoderOptions
{
    /// <summary>The labels, when a request names none.</summary>
    public IReadOnlyList<string> Labels { get; set; } = [];

    /// <summary>Sentences with <c>{}</c> where the label goes; seven that fit most labels by default.</summary>
    public IReadOnlyList<string> Templates { get; set; } = [];

    /// <summary>The least probability of a label that is given; 0 always gives one.</summary>
    [Range(0.0, 1.0, ErrorMessage = "expected a probability from 0 to 1")]
    public float AbstainBelow { get; set; }

    /// <summary>The number of labels that get a score, the most probable first; 5 by default.</summary>
    [Range(1, LabelSets.MaxLabels)]
    public int TopK { get; set; } = 5;

    /// <inheritdoc/>
    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
    [
        .. base.Validate(validationContext),
        .. Refuse(nameof(Labels), Labels.Any(string.IsNullOrWhiteSpace), "a label is empty"),
        .. Refuse(nameof(Labels), Labels.Count > LabelSets.MaxLabels, $"at most {LabelSets.MaxLabels} labels are taken"),
        .. Labels.GroupBy(label => label, StringComparer.Ordinal)
            .Where(group => group.Count() > 1)
            .SelectMany(_ => Refuse(nameof(Labels), true, "a label is there twice"))
            .Take(1),
        .. Refuse(
            nameof(Templates),
            !Templates.All(template => template?.Contains(Clip.ZeroShotClassifier.Slot, StringComparison.Ordinal) == true),
            $"a template has no {Clip.ZeroShotClassifier.Slot} where the label goes"),
    ];
}
