using FlowKit.Clip;

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
}
