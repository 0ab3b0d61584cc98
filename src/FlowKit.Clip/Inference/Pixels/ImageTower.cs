using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlowKit.Clip.Inference.Pixels;

/// <summary>The image tower: pixels to embeddings.</summary>
internal sealed class ImageTower : IDisposable
{
    private readonly GraphRunner _graph;
    private readonly GraphPort _pixels;
    private readonly int[] _itemBytes;
    private readonly long _pixelsPerImage;
    private readonly TowerMeter _meter;

    /// <summary>Opens the tower and looks at what it takes.</summary>
    /// <exception cref="FlowKitException">Not an image tower, or one for pictures of another size.</exception>
    internal ImageTower(ClipModelFolder folder, ClipModelOptions options)
    {
        _graph = new GraphRunner(folder.VisualPath!, ClipTowers.Image, options);
        _pixels = _graph.Inputs[0];
        var size = folder.Card.ImageSize;
        ChannelsLast = _pixels.Dimensions.Length == 4 && _pixels.Dimensions[3] == 3 && _pixels.Dimensions[1] != 3;
        if (ProblemOf(folder, size) is { } problem)
        {
            var inputs = string.Join(", ", _graph.Inputs);
            _graph.Dispose();
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"The visual file {folder.VisualPath} with input {inputs} {problem}");
        }

        // Free sizes are known now: a picture is as large as the card says.
        int[] channelsAndSides = ChannelsLast ? [size, size, 3] : [3, size, size];
        channelsAndSides.CopyTo(_pixels.Dimensions, 1);
        _pixelsPerImage = (long)size * size;
        _meter = new TowerMeter(folder.Card, ClipTowers.Image);
        _itemBytes = [3 * size * size * _pixels.ElementSize];
    }

    /// <summary>The element type of the graph's pixels.</summary>
    internal TensorElementType Kind => _pixels.Type;

    /// <summary>Indicates whether red, green and blue of a pixel lie side by side (NHWC).</summary>
    internal bool ChannelsLast { get; }

    /// <summary>The device that the tower runs on.</summary>
    internal string Device => _graph.Device;

    /// <summary>Indicates whether the optimised graph came from the cache.</summary>
    internal bool FromCache => _graph.FromCache;

    /// <summary>Indicates whether the last run failed in the runtime.</summary>
    internal bool HasFailed => _graph.HasFailed;

    /// <summary>Values per embedding, where the graph says so.</summary>
    internal int? Dimension => _graph.Dimension;

    /// <summary>The batch that the graph insists on, if any.</summary>
    internal int? FixedBatch => _pixels.Fixed(0);

    /// <summary>Takes memory for pictures.</summary>
    internal TensorBuffers Rent(int count) =>
        _graph.Rent(_itemBytes, FixedBatch is { } batch ? (count + batch - 1) / batch * batch : count);

    /// <summary>Gives memory back.</summary>
    internal void Return(TensorBuffers buffers) => _graph.Return(buffers);

    /// <summary>Embeds pictures that lie in memory, in calls of at most <paramref name="maxCount"/>.</summary>
    /// <param name="buffers">The memory.</param>
    /// <param name="maxCount">Pictures in one call.</param>
    /// <param name="target">Receives one embedding per picture; its length is the count.</param>
    /// <param name="cancellation">Stops the run.</param>
    internal void Run(TensorBuffers buffers, int maxCount, Span<float[]> target, CancellationToken cancellation)
    {
        var each = FixedBatch ?? maxCount;
        for (var start = 0; start < target.Length; start += each)
        {
            // A fixed batch is filled up with whatever lies behind: nobody looks at what comes of it.
            var wanted = Math.Min(each, target.Length - start);
            var run = buffers.Run(start, FixedBatch ?? wanted, 0, cancellation);
            _meter.Count(wanted * _pixelsPerImage);
            _graph.CopyTo(buffers, run, target.Slice(start, wanted));
        }
    }

    public void Dispose() => _graph.Dispose();

    /// <summary>Returns the reason that the graph cannot embed pictures of a size, or <see langword="null"/> when it can.</summary>
    private string? ProblemOf(ClipModelFolder folder, int size)
    {
        if (_graph.Inputs.Any(static port => port.IsIds))
        {
            return $"takes token ids: is it swapped with the text tower {folder.TextualPath}?";
        }

        var isKnownType = Kind is TensorElementType.Float or TensorElementType.Float16 or TensorElementType.UInt8;
        if (_pixels.Dimensions.Length != 4 || !isKnownType || _graph.Inputs.Count > 1)
        {
            return "is not a tower for pixels [N, 3, H, W] or [N, H, W, 3] of float, float16 or uint8.";
        }

        if (ChannelsLast && Kind != TensorElementType.UInt8)
        {
            return "takes normalised pixels with the channels last, which no known exporter makes.";
        }

        var (rows, columns) = ChannelsLast ? (1, 2) : (2, 3);
        return (_pixels.Fixed(rows) ?? size) != size || (_pixels.Fixed(columns) ?? size) != size
            ? $"is for pictures of another size than {size}, which its card or configuration says."
            : null;
    }
}
