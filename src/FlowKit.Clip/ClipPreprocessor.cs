using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowKit.Clip.Preprocessing;
using FlowKit.Imaging;

namespace FlowKit.Clip;

/// <summary>
/// Turns pictures into a model's input tensor: resize, crop, <c>v / 255</c>, <c>(v - mean) / std</c>, planes of red, green, blue.
/// In <see cref="PreprocessingMode.Exact"/> the result equals OpenAI CLIP's <c>preprocess</c> to the last bit. Safe for many threads.
/// </summary>
public sealed class ClipPreprocessor
{
    private readonly float[][] _tables;

    /// <summary>Prepares for a model.</summary>
    /// <param name="spec">The picture format that the model expects.</param>
    /// <exception cref="FlowKitException">A size below 1, or not three values of mean and std.</exception>
    public ClipPreprocessor(ClipImageSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (spec.Size < 1 || spec.Mean.Count != 3 || spec.Std.Count != 3 || spec.Std.Any(static value => value == 0))
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                "An image specification needs a size of at least 1 and three values each of mean and std, std not zero.");
        }

        Spec = spec;
        _tables = [Table(0), Table(1), Table(2)];
    }

    /// <summary>The picture format that the model expects.</summary>
    public ClipImageSpec Spec { get; }

    /// <summary>Floats of one picture's tensor: <c>3 × size × size</c>.</summary>
    public int TensorLength => 3 * Spec.Size * Spec.Size;

    /// <summary>Writes the tensor of a decoded picture.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="target">Receives <see cref="TensorLength"/> floats, <c>[3, size, size]</c>.</param>
    public void Write(RgbImage image, Span<float> target)
    {
        ArgumentNullException.ThrowIfNull(image);
        var pixels = ArrayPool<byte>.Shared.Rent(TensorLength);
        try
        {
            WriteBytes(image, pixels);
            Normalise(pixels, target[..TensorLength]);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(pixels);
        }
    }

    /// <summary>
    /// Decodes a file and writes its tensor; a large picture never stands in memory as a whole, where its format allows that.
    /// </summary>
    /// <param name="encoded">The file's bytes.</param>
    /// <param name="target">Receives <see cref="TensorLength"/> floats, <c>[3, size, size]</c>.</param>
    /// <param name="mode">The fidelity of decoding.</param>
    /// <param name="options">Limits and EXIF policy.</param>
    /// <exception cref="FlowKitException">As <see cref="ImageDecoder.Decode"/>.</exception>
    public void Write(
        ReadOnlySpan<byte> encoded,
        Span<float> target,
        PreprocessingMode mode = PreprocessingMode.Exact,
        ImageDecodeOptions? options = null)
    {
        var pixels = ArrayPool<byte>.Shared.Rent(TensorLength);
        try
        {
            WriteBytes(encoded, pixels, mode, options);
            Normalise(pixels, target[..TensorLength]);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(pixels);
        }
    }

    /// <summary>Decodes a file, resizes and crops only: the bytes before normalisation.</summary>
    /// <param name="encoded">The file's bytes.</param>
    /// <param name="target">Receives <c>size × size × 3</c> bytes, red, green, blue by pixel.</param>
    /// <param name="mode">The fidelity of decoding.</param>
    /// <param name="options">Limits and EXIF policy.</param>
    /// <exception cref="FlowKitException">As <see cref="ImageDecoder.Decode"/>.</exception>
    public void WriteBytes(
        ReadOnlySpan<byte> encoded,
        Span<byte> target,
        PreprocessingMode mode = PreprocessingMode.Exact,
        ImageDecodeOptions? options = null)
    {
        using var rows = new ResizedRows(Spec, options?.Budget);
        ImageDecoder.DecodeRows(encoded, rows, DecodeOptions(mode, options));
        rows.Finish(target);
    }

    /// <summary>The decoding that fits this model and <paramref name="mode"/>.</summary>
    /// <param name="mode">The fidelity of decoding.</param>
    /// <param name="options">Limits and EXIF policy to keep.</param>
    public ImageDecodeOptions DecodeOptions(PreprocessingMode mode, ImageDecodeOptions? options = null)
    {
        options ??= ImageDecodeOptions.Default;
        return mode == PreprocessingMode.Fast ? options with { ScaledShortSide = 2 * Spec.Size } : options;
    }

    /// <summary>Resizes and crops only: the bytes before normalisation.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="target">Receives <c>size × size × 3</c> bytes, red, green, blue by pixel.</param>
    public void WriteBytes(RgbImage image, Span<byte> target)
    {
        ArgumentNullException.ThrowIfNull(image);
        using var rows = new ResizedRows(Spec, null);
        rows.Begin(image.Width, image.Height);
        rows.Add(0, image.Height, image.Pixels.Span);
        rows.Finish(target);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Normalise(ReadOnlySpan<byte> pixels, Span<float> target)
    {
        var plane = Spec.Size * Spec.Size;
        ref var red = ref MemoryMarshal.GetArrayDataReference(_tables[0]);
        ref var green = ref MemoryMarshal.GetArrayDataReference(_tables[1]);
        ref var blue = ref MemoryMarshal.GetArrayDataReference(_tables[2]);
        ref var pixel = ref MemoryMarshal.GetReference(pixels[..(3 * plane)]);
        ref var redOut = ref MemoryMarshal.GetReference(target[..(3 * plane)]);
        ref var greenOut = ref Unsafe.Add(ref redOut, plane);
        ref var blueOut = ref Unsafe.Add(ref greenOut, plane);
        for (nint i = 0; i < plane; i++)
        {
            Unsafe.Add(ref redOut, i) = Unsafe.Add(ref red, (nint)pixel);
            Unsafe.Add(ref greenOut, i) = Unsafe.Add(ref green, (nint)Unsafe.Add(ref pixel, 1));
            Unsafe.Add(ref blueOut, i) = Unsafe.Add(ref blue, (nint)Unsafe.Add(ref pixel, 2));
            pixel = ref Unsafe.Add(ref pixel, 3);
        }
    }

    // The steps are rounded to float one by one, as torchvision's ToTensor and Normalize do.
    private float[] Table(int channel) =>
        [.. Enumerable.Range(0, 256).Select(value => ((value / 255f) - Spec.Mean[channel]) / Spec.Std[channel])];
}
