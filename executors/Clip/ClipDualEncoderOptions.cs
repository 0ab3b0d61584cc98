using System.ComponentModel.DataAnnotations;
using FlowKit.Clip;
using FlowKit.Executors.Images;
using FlowKit.Imaging;
using FlowKit.Imaging.Uris;

namespace FlowKit.Executors;

/// <summary>The options of an encoder with both towers.</summary>
public class ClipDualEncoderOptions : ClipEncoderOptions, IImageOptions, IUriOptions
{
    /// <summary>The part that is embedded of a document with both a <c>text</c> and a picture: the text by default.</summary>
    public ContentPreference Prefer { get; set; }

    /// <summary>On: documents hold pictures. Off: they hold the float32 tensor that the model takes.</summary>
    public bool UseDefaultPreprocessing { get; set; } = true;

    /// <summary>The axes of a tensor without default preprocessing.</summary>
    public TensorLayout Layout { get; set; } = TensorLayout.Hwc;

    /// <summary><c>exact</c>, or <c>fast</c> for large JPEGs.</summary>
    public PreprocessingMode Preprocessing { get; set; } = PreprocessingMode.Exact;

    /// <summary>The handling of the EXIF orientation in a file: <c>ignore</c>, as CLIP's own pipelines do, or <c>apply</c>.</summary>
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

    /// <summary>Folders that a <c>uri</c> may name files in, relative to the flow; none by default.</summary>
    public IReadOnlyList<string> Roots { get; set; } = [];

    /// <summary>Hosts that a <c>uri</c> may be fetched from; none by default. <c>*</c> is every host with a public address.</summary>
    public IReadOnlyList<string> Hosts { get; set; } = [];

    /// <summary>The most bytes read from a file, a host or a data URI.</summary>
    [Range(1, 2_000_000_000)]
    public long MaxBytes { get; set; } = 64 << 20;

    /// <summary>Milliseconds that one fetch may take.</summary>
    [Range(1, 3_600_000)]
    public int FetchTimeout { get; set; } = 10_000;
}
