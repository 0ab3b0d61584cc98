using System.ComponentModel.DataAnnotations;
using FlowKit.Clip;

namespace FlowKit.Executors;

/// <summary>What <c>uses_with</c> sets of a <see cref="ClipImageEncoder"/>.</summary>
public sealed class ClipImageEncoderOptions
{
    /// <summary>A built-in model's name, or a model folder, relative to the flow.</summary>
    [Required]
    public string Model { get; set; } = "tiny-clip";

    /// <summary>
    /// On: documents hold pictures, H×W×3 uint8 of any size, or encoded bytes. Off: they hold what the model itself takes,
    /// size×size×3 float32, already resized and normalised (see <see cref="Layout"/>).
    /// </summary>
    public bool UseDefaultPreprocessing { get; set; } = true;

    /// <summary>The axes of a tensor without default preprocessing: <c>hwc</c>, as Jina's first encoder took it, or <c>chw</c>.</summary>
    public TensorLayout Layout { get; set; } = TensorLayout.Hwc;

    /// <summary><c>exact</c>: pixel for pixel what OpenAI's CLIP computes. <c>fast</c>: large JPEGs are decoded at a fraction of their size.</summary>
    public PreprocessingMode Preprocessing { get; set; } = PreprocessingMode.Exact;

    /// <summary>Images in one call of the model; 32. A request may ask for fewer.</summary>
    [Range(1, 1024)]
    public int BatchSize { get; set; } = 32;

    /// <summary>Which documents.</summary>
    public string AccessPaths { get; set; } = "@r";

    /// <summary>Embed again what has an embedding; off.</summary>
    public bool OverwriteEmbeddings { get; set; }

    /// <summary>Take <c>tensor</c> and <c>blob</c> out of the pictures, so that replies stay small; off.</summary>
    public bool DropImageContent { get; set; }

    /// <summary><c>cpu</c>: run on the CPU when the device is not there, instead of failing.</summary>
    [AllowedValues("", "cpu", ErrorMessage = "expected cpu")]
    public string Fallback { get; set; } = "";
}
