using System.Buffers;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlowKit.Clip;

/// <summary>The image tower: pixels to embeddings.</summary>
internal sealed class ImageTower : IDisposable
{
    private readonly GraphRunner _graph;
    private readonly GraphPort _pixels;

    /// <summary>Opens the tower and looks at what it takes.</summary>
    /// <exception cref="FlowKitException">Not an image tower, or one for pictures of another size.</exception>
    internal ImageTower(ClipModelFolder folder, ClipModelOptions options)
    {
        _graph = new GraphRunner(folder.VisualPath!, options);
        _pixels = _graph.Inputs[0];
        var size = folder.Card.ImageSize;
        var problem = _graph.Inputs.Any(static port => port.IsIds)
            ? $"takes token ids: is it swapped with the text tower {folder.TextualPath}?"
            : _pixels.Dimensions.Length != 4 || _pixels.Type is not (TensorElementType.Float or TensorElementType.Float16) || _graph.Inputs.Count > 1
            ? "is not a tower for float pixels [N, 3, H, W]."
            : (_pixels.Fixed(2) ?? size) != size || (_pixels.Fixed(3) ?? size) != size
            ? $"is for pictures of another size than {size}, which its card or configuration says."
            : null;
        if (problem is not null)
        {
            _graph.Dispose();
            throw new FlowKitException(FlowErrorCode.FailedPrecondition, $"The visual file {folder.VisualPath} with input {string.Join(", ", _graph.Inputs)} {problem}");
        }
    }

    /// <summary>Where it runs.</summary>
    internal string Device => _graph.Device;

    /// <summary>Values per embedding, where the graph says so.</summary>
    internal int? Dimension => _graph.Dimension;

    /// <summary>The batch that the graph insists on, if any.</summary>
    internal int? FixedBatch => _pixels.Fixed(0);

    /// <summary>Embeds one batch of at most <see cref="FixedBatch"/> pictures.</summary>
    /// <param name="pixels"><c>[count, 3, size, size]</c>.</param>
    /// <param name="size">The side of a picture.</param>
    /// <param name="target">Receives one embedding per picture; its length is the count.</param>
    /// <param name="cancellation">Stops the run.</param>
    internal void Run(Memory<float> pixels, int size, Span<float[]> target, CancellationToken cancellation)
    {
        var count = FixedBatch ?? target.Length;
        long[] shape = [count, 3, size, size];
        var length = count * 3 * size * size;
        if (_pixels.Type == TensorElementType.Float && pixels.Length >= length)
        {
            using var value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, pixels[..length], shape);
            _graph.Run([_pixels.Name], [value], count, target, cancellation);
        }
        else if (_pixels.Type == TensorElementType.Float)
        {
            RunPadded(pixels.Span, length, shape, static pixel => pixel, target, cancellation);
        }
        else
        {
            RunPadded(pixels.Span, length, shape, static pixel => (Float16)pixel, target, cancellation);
        }
    }

    private void RunPadded<T>(ReadOnlySpan<float> pixels, int length, long[] shape, Func<float, T> convert, Span<float[]> target, CancellationToken cancellation)
        where T : unmanaged
    {
        var buffer = ArrayPool<T>.Shared.Rent(length);
        try
        {
            var used = Math.Min(length, pixels.Length);
            for (var i = 0; i < used; i++)
            {
                buffer[i] = convert(pixels[i]);
            }

            buffer.AsSpan(used, length - used).Clear();
            using var value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, buffer.AsMemory(0, length), shape);
            _graph.Run([_pixels.Name], [value], (int)shape[0], target, cancellation);
        }
        finally
        {
            ArrayPool<T>.Shared.Return(buffer);
        }
    }

    public void Dispose() => _graph.Dispose();
}
