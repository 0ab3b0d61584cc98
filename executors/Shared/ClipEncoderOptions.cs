using System.ComponentModel.DataAnnotations;

namespace FlowKit.Executors;

/// <summary>What <c>uses_with</c> sets of every CLIP encoder.</summary>
public abstract class ClipEncoderOptions
{
    /// <summary>A built-in model's name, or a model folder, relative to the flow.</summary>
    [Required]
    public string Model { get; set; } = "tiny-clip";

    /// <summary>Documents in one call of the model; 32. A request may ask for fewer.</summary>
    [Range(1, 1024)]
    public int BatchSize { get; set; } = 32;

    /// <summary>Which documents.</summary>
    public string AccessPaths { get; set; } = "@r";

    /// <summary>Embed again what has an embedding; off.</summary>
    public bool OverwriteEmbeddings { get; set; }

    /// <summary><c>cpu</c>: run on the CPU when the device is not there, instead of failing.</summary>
    [AllowedValues("", "cpu", ErrorMessage = "expected cpu")]
    public string Fallback { get; set; } = "";
}
