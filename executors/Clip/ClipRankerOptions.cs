using System.ComponentModel.DataAnnotations;

namespace FlowKit.Executors;

/// <summary>The options of a <see cref="ClipRanker"/>.</summary>
public sealed class ClipRankerOptions : IValidatableObject
{
    /// <summary>
    /// The model whose logit scale turns cosines into probabilities: a built-in name, or a model folder relative to the flow.
    /// </summary>
    [Required]
    public string Model { get; set; } = "tiny-clip";

    /// <summary>Looks for the model, where options are checked without a start.</summary>
    /// <param name="validationContext">Says where.</param>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        ModelLookup.Check(Model, nameof(Model), validationContext);
}
