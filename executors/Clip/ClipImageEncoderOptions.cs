using System.ComponentModel.DataAnnotations;
using FlowKit.Clip;
using FlowKit.Executors.Images;
using FlowKit.Imaging;

namespace FlowKit.Executors;

/// <summary>The options of a <see cref="ClipImageEncoder"/>.</summary>
public sealed class ClipImageEncoderOptions : ClipEncoderOptions, IImageOptions
{
    /// <summary>
    /// On: documents hold pictures, H×W×3 uint8 of any size, or encoded bytes. Off: they hold what the model itself takes,
    /// size×size×3 float32, already resized and normalised (see <see cref="Layout"/>).
    /// </summary>
    public bool UseDefaultPreprocessing { get; set; } = true;

    /// <summary>The axes of a tensor without default preprocessing: <c>hwc</c>, as Jina's first encoder took it, or <c>chw</c>.</summary>
    public TensorLayout Layout { get; set; } = TensorLayout.Hwc;

    /// <summary>
    /// <c>exact</c>: pixel for pixel what OpenAI's CLIP computes. <c>fast</c>: large JPEGs are decoded at a fraction of their size.
    /// </summary>
    public PreprocessingMode Preprocessing { get; set; } = PreprocessingMode.Exact;

    /// <summary>
    /// The handling of the EXIF orientation in encoded bytes: <c>ignore</c>, as CLIP's own pipelines do, or <c>apply</c>.
    /// </summary>
    public ExifOrientation Exif { get; set; } = ExifOrientation.Ignore;

    /// <summary>
    /// The most pixels of all encoded pictures of one request; those that would be more are refused from their headers.
    /// </summary>
    [Range(1, 1_000_000_000_000)]
    public long MaxRequestPixels { get; set; } = 2_000_000_000;

    /// <summary>
    /// Indicates whether <c>tensor</c> and <c>blob</c> are taken out of the pictures, so that replies stay small; off by default.
    /// </summary>
    public bool DropImageContent { get; set; }
}
