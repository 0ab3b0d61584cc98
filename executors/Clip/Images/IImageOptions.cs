using FlowKit.Clip;
using FlowKit.Imaging;

namespace FlowKit.Executors.Images;

/// <summary>Options for turning a document's picture into the input of the image tower.</summary>
internal interface IImageOptions
{
    /// <summary>Indicates whether documents hold pictures to preprocess; otherwise they hold preprocessed tensors.</summary>
    bool UseDefaultPreprocessing { get; }

    /// <summary>The axes of ready tensors.</summary>
    TensorLayout Layout { get; }

    /// <summary>The fidelity with which files are decoded.</summary>
    PreprocessingMode Preprocessing { get; }

    /// <summary>The handling of the EXIF orientation in a file.</summary>
    ExifOrientation Exif { get; }

    /// <summary>The most pixels of all encoded pictures of one request.</summary>
    long MaxRequestPixels { get; }
}
