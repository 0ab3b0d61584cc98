using System.Numerics.Tensors;
using FlowKit.Clip.Inference;
using FlowKit.Clip.Inference.Pixels;
using FlowKit.Imaging;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlowKit.Clip;

/// <summary>
/// Room for pictures in the very memory that the image tower reads, in the form that its graph takes (float, half or bytes). Several
/// threads may write different places.
/// </summary>
public sealed class PixelBatch : IDisposable
{
    private readonly ImageTower _tower;
    private readonly ClipPreprocessor _preprocessor;
    private TensorBuffers? _buffers;

    internal PixelBatch(ImageTower tower, ClipPreprocessor preprocessor, TensorBuffers buffers, int capacity) =>
        (_tower, _preprocessor, _buffers, Capacity) = (tower, preprocessor, buffers, capacity);

    /// <summary>The number of pictures that the batch has room for.</summary>
    public int Capacity { get; }

    internal TensorBuffers Buffers => _buffers ?? throw new ObjectDisposedException(nameof(PixelBatch));

    /// <summary>Resizes, crops and normalises a picture into its place.</summary>
    /// <param name="index">The place.</param>
    /// <param name="image">The picture.</param>
    public void Write(int index, RgbImage image)
    {
        if (_tower.Kind == TensorElementType.UInt8)
        {
            _preprocessor.WriteBytes(image, Place<byte>(index));
            ArrangeBytes(index);
        }
        else if (_tower.Kind == TensorElementType.Float)
        {
            _preprocessor.Write(image, Place<float>(index));
        }
        else
        {
            using var pixels = new HalfPixels(_preprocessor.TensorLength);
            _preprocessor.Write(image, pixels.Floats);
            pixels.CopyTo(Place<Half>(index));
        }
    }

    /// <summary>Decodes a file, resizes, crops and normalises it into its place.</summary>
    /// <param name="index">The place.</param>
    /// <param name="encoded">The file's bytes.</param>
    /// <param name="mode">The fidelity of decoding.</param>
    /// <param name="options">Limits and EXIF policy.</param>
    /// <exception cref="FlowKitException">As <see cref="ImageDecoder.Decode"/>.</exception>
    public void Write(
        int index,
        ReadOnlySpan<byte> encoded,
        PreprocessingMode mode = PreprocessingMode.Exact,
        ImageDecodeOptions? options = null)
    {
        if (_tower.Kind == TensorElementType.UInt8)
        {
            _preprocessor.WriteBytes(encoded, Place<byte>(index), mode, options);
            ArrangeBytes(index);
        }
        else if (_tower.Kind == TensorElementType.Float)
        {
            _preprocessor.Write(encoded, Place<float>(index), mode, options);
        }
        else
        {
            using var pixels = new HalfPixels(_preprocessor.TensorLength);
            _preprocessor.Write(encoded, pixels.Floats, mode, options);
            pixels.CopyTo(Place<Half>(index));
        }
    }

    /// <summary>Puts a picture that is preprocessed already into its place.</summary>
    /// <param name="index">The place.</param>
    /// <param name="pixels"><c>[3, size, size]</c>, as <see cref="ClipPreprocessor.Write(RgbImage, Span{float})"/> gives it.</param>
    /// <exception cref="FlowKitException">Another length, or a graph that normalises by itself and takes bytes.</exception>
    public void WriteTensor(int index, ReadOnlySpan<float> pixels)
    {
        if (pixels.Length != _preprocessor.TensorLength)
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"A picture for this model has {_preprocessor.TensorLength} floats, but {pixels.Length} were given.");
        }

        switch (_tower.Kind)
        {
            case TensorElementType.Float:
                pixels.CopyTo(Place<float>(index));
                break;
            case TensorElementType.Float16:
                TensorPrimitives.ConvertToHalf(pixels, Place<Half>(index));
                break;
            default:
                throw new FlowKitException(
                    FlowErrorCode.InvalidArgument,
                    "This model's graph takes bytes and normalises them itself: it cannot take pixels that are normalised already.");
        }
    }

    /// <summary>Copies a picture to another place.</summary>
    /// <param name="from">The index to copy from.</param>
    /// <param name="to">The index to copy to.</param>
    public void Move(int from, int to) => Place<byte>(from).CopyTo(Place<byte>(to));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffers, null) is { } buffers)
        {
            _tower.Return(buffers);
        }
    }

    private void ArrangeBytes(int index)
    {
        if (!_tower.ChannelsLast)
        {
            ToPlanes(Place<byte>(index));
        }
    }

    private static void ToPlanes(Span<byte> pixels)
    {
        var copy = pixels.ToArray();
        var plane = copy.Length / 3;
        for (var i = 0; i < plane; i++)
        {
            (pixels[i], pixels[plane + i], pixels[plane + plane + i]) = (copy[3 * i], copy[(3 * i) + 1], copy[(3 * i) + 2]);
        }
    }

    private Span<T> Place<T>(int index)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Capacity);
        var each = Buffers.ItemBytes[0];
        return System.Runtime.InteropServices.MemoryMarshal.Cast<byte, T>(Buffers.Input<byte>(0).Slice(index * each, each));
    }
}
