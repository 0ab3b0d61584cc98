using FlowKit.Imaging;

namespace FlowKit.Clip;

/// <summary>The picture format that a model's image tower expects.</summary>
public sealed record ClipImageSpec
{
    /// <summary>OpenAI's values: 224 pixels, bicubic, shorter side resized and centre cropped.</summary>
    public static ClipImageSpec OpenAi { get; } = new();

    /// <summary>The side of the square input, in pixels.</summary>
    public int Size { get; init; } = 224;

    /// <summary>The mean of each channel (red, green, blue) on a scale of 0 to 1.</summary>
    public IReadOnlyList<float> Mean { get; init; } = [0.48145466f, 0.4578275f, 0.40821073f];

    /// <summary>The standard deviation of each channel.</summary>
    public IReadOnlyList<float> Std { get; init; } = [0.26862954f, 0.26130258f, 0.27577711f];

    /// <summary>The resampling filter.</summary>
    public ResampleFilter Filter { get; init; } = ResampleFilter.Bicubic;

    /// <summary>The way a picture becomes square.</summary>
    public ResizeMode Resize { get; init; } = ResizeMode.Shortest;

    /// <summary>The value of all three channels, 0 to 255, around a picture whose longer side is resized.</summary>
    public byte FillColor { get; init; }
}
