using FlowKit.Clip;
using FlowKit.Imaging;

namespace FlowKit.Executors;

/// <summary>How a document's picture becomes what the image tower takes.</summary>
internal interface IImageOptions
{
    /// <summary>Whether documents hold pictures, and not ready tensors.</summary>
    bool UseDefaultPreprocessing { get; }

    /// <summary>The axes of ready tensors.</summary>
    TensorLayout Layout { get; }

    /// <summary>How faithfully files are decoded.</summary>
    PreprocessingMode Preprocessing { get; }

    /// <summary>What to do with the orientation that a camera wrote into a file.</summary>
    ExifOrientation Exif { get; }
}
