using System.ComponentModel.DataAnnotations;

namespace FlowKit.Executors;

/// <summary>The options of a <see cref="ClipRanker"/>.</summary>
public sealed class ClipRankerOptions
{
    /// <summary>
    /// The model whose logit scale turns cosines into probabilities: a built-in name, or a model folder relative to the flow.
    /// </summary>
    [Required]
    public string Model { get; set; } = "tiny-clip";
}
