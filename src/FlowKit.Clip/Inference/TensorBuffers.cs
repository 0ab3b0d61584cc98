using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace FlowKit.Clip;

/// <summary>
/// Pinned memory for a tower's inputs and output, with a binding for each shape it was used in: a run copies nothing and allocates nothing.
/// Used by one caller at a time.
/// </summary>
internal sealed class TensorBuffers : IDisposable
{
    private readonly GraphRunner _graph;
    private readonly byte[][] _inputs;
    private readonly Dictionary<(int Start, int Count, int Length), BoundRun> _bound = [];
    private readonly RunOptions _options = new();
    private readonly Action<object?> _stop;
    private byte[] _output = [];

    /// <summary>Makes room.</summary>
    /// <param name="graph">The tower.</param>
    /// <param name="itemBytes">Bytes of one item, for each input.</param>
    /// <param name="capacity">Items.</param>
    internal TensorBuffers(GraphRunner graph, IReadOnlyList<int> itemBytes, int capacity)
    {
        (_graph, Capacity, ItemBytes) = (graph, capacity, itemBytes);
        _inputs = [.. itemBytes.Select(size => Pinned(checked(size * capacity)))];
        _stop = options => ((RunOptions)options!).Terminate = true;
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
    /// <param name="count">How many.</param>
    /// <param name="length">Ids per item; 0 for pictures.</param>
    /// <param name="cancellation">Stops the run between two nodes of the graph.</param>
    /// <returns>The run, whose output is there until the next.</returns>
    internal BoundRun Run(int start, int count, int length, CancellationToken cancellation)
    {
        if (!_bound.TryGetValue((start, count, length), out var bound))
        {
            bound = _bound[(start, count, length)] = Bind(start, count, length, cancellation);
        }

        _graph.Run(_options, bound.Binding, count, _stop, cancellation);
        return bound;
    }

    /// <summary>The memory of a run's output.</summary>
    internal ReadOnlySpan<T> Output<T>(BoundRun run)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(_output.AsSpan(0, run.OutputBytes));

    public void Dispose()
    {
        Release();
        _options.Dispose();
    }

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
        var values = new OrtValue[_inputs.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var port = _graph.Inputs[i];
            values[i] = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, port.Type, _graph.ShapeOf(port, count, length), AddressOf(_inputs[i], start * ItemBytes[i]), ShapeBytes(port, count, length));
        }

        var shape = _graph.OutputShape(values, count, length, cancellation);
        var bytes = checked((int)shape.Aggregate(1L, static (product, size) => product * size) * _graph.Output.ElementSize);
        if (bytes > _output.Length)
        {
            // What is bound already points into the old memory.
            Release();
            _output = Pinned(bytes);
        }

        var output = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, _graph.Output.Type, shape, AddressOf(_output, 0), bytes);
        return new BoundRun(_graph.Bind(values, output), [.. values, output], bytes, bytes / _graph.Output.ElementSize / count);
    }

    private long ShapeBytes(GraphPort port, int count, int length) =>
        _graph.ShapeOf(port, count, length).Aggregate((long)port.ElementSize, static (product, size) => product * size);

    private static byte[] Pinned(int bytes) => GC.AllocateUninitializedArray<byte>(bytes, pinned: true);

    private static IntPtr AddressOf(byte[] memory, int offset) => Marshal.UnsafeAddrOfPinnedArrayElement(memory, offset);
}
