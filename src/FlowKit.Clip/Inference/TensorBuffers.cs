using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace FlowKit.Clip.Inference;

/// <summary>
/// Pinned memory for a tower's inputs and output, with a binding for each shape it was used in: a run copies nothing and allocates nothing.
/// Used by one caller at a time.
/// </summary>
internal sealed class TensorBuffers : IDisposable
{
    private readonly GraphRunner _graph;
    private readonly byte[][] _inputs;
    private readonly Dictionary<(int Start, int Count, int Length), BoundRun> _bound = [];
    private byte[] _output = [];

    /// <summary>Makes room.</summary>
    /// <param name="graph">The tower.</param>
    /// <param name="itemBytes">Bytes of one item, for each input.</param>
    /// <param name="capacity">Items.</param>
    internal TensorBuffers(GraphRunner graph, IReadOnlyList<int> itemBytes, int capacity)
    {
        (_graph, Capacity, ItemBytes) = (graph, capacity, itemBytes);
        _inputs = [.. itemBytes.Select(size => Pinned(checked(size * capacity)))];
    }

    /// <summary>Items there is room for.</summary>
    internal int Capacity { get; }

    /// <summary>Bytes of one item, for each input.</summary>
    internal IReadOnlyList<int> ItemBytes { get; }

    /// <summary>The memory of an input.</summary>
    internal Span<T> Input<T>(int index)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(_inputs[index].AsSpan());

    /// <summary>Runs the tower on items that lie in the inputs.</summary>
    /// <param name="start">The first item.</param>
    /// <param name="count">The number of items.</param>
    /// <param name="length">Ids per item; 0 for pictures.</param>
    /// <param name="cancellation">Stops the run between two nodes of the graph.</param>
    /// <returns>The run, whose output is there until the next.</returns>
    internal BoundRun Run(int start, int count, int length, CancellationToken cancellation)
    {
        if (!_bound.TryGetValue((start, count, length), out var bound))
        {
            bound = _bound[(start, count, length)] = Bind(start, count, length, cancellation);
        }

        bound.Run(cancellation);
        return bound;
    }

    /// <summary>The memory of a run's output.</summary>
    internal ReadOnlySpan<T> Output<T>(BoundRun run)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(_output.AsSpan(0, run.OutputBytes));

    public void Dispose() => Release();

    private void Release()
    {
        foreach (var bound in _bound.Values)
        {
            bound.Dispose();
        }

        _bound.Clear();
    }

    private BoundRun Bind(int start, int count, int length, CancellationToken cancellation)
    {
        var shape = _graph.OutputShape(() => Values(start, count, length), count, length, cancellation);
        var bytes = checked((int)Bytes(_graph.Output, shape));
        if (bytes > _output.Length)
        {
            // What is bound already points into the old memory.
            Release();
            _output = Pinned(bytes);
        }

        // Parts are contiguous where the first dimension counts the items.
        var maxParts = shape[0] == count ? _graph.PartsOf(count) : 1;
        return new BoundRun(_graph, maxParts, Cut, bytes, bytes / _graph.Output.ElementSize / count);

        BoundPart[] Cut(int parts)
        {
            if (parts == 1)
            {
                return [Part(0, count, shape)];
            }

            var ranges = Enumerable.Range(0, parts).Select(part => (From: part * count / parts, To: (part + 1) * count / parts));
            return [.. ranges.Select(part => Part(part.From, part.To, [part.To - part.From, .. shape[1..]]))];
        }

        BoundPart Part(int from, int to, long[] size)
        {
            var values = Values(start + from, to - from, length);
            var output = OrtValue.CreateTensorValueWithData(
                OrtMemoryInfo.DefaultInstance,
                _graph.Output.Type,
                size,
                AddressOf(_output, bytes / count * from),
                Bytes(_graph.Output, size));
            return new BoundPart(_graph.Bind(values, output), [.. values, output], to - from);
        }
    }

    private OrtValue[] Values(int start, int count, int length) => [.. _inputs.Select((memory, i) =>
    {
        var port = _graph.Inputs[i];
        var shape = _graph.ShapeOf(port, count, length);
        var bytes = Bytes(port, shape);
        return OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance,
            port.Type,
            shape,
            AddressOf(memory, checked((int)(bytes / count * start))),
            bytes);
    })];

    private static long Bytes(GraphPort port, long[] shape) =>
        shape.Aggregate((long)port.ElementSize, static (product, size) => product * size);

    private static byte[] Pinned(int bytes) => GC.AllocateUninitializedArray<byte>(bytes, pinned: true);

    private static IntPtr AddressOf(byte[] memory, int offset) => Marshal.UnsafeAddrOfPinnedArrayElement(memory, offset);
}
