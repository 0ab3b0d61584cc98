using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlowKit.Clip.Inference;

/// <summary>
/// The session of one tower, with reusable memory for its calls. Safe for many threads; a few calls run at once, the others wait.
/// </summary>
internal sealed class GraphRunner : IDisposable
{
    private static readonly Action<object?> s_stop = static options => ((RunOptions)options!).Terminate = true;

    private readonly InferenceSession _session;
    private readonly TowerFile _file;
    private readonly int _parts;
    private readonly SemaphoreSlim _running;
    private readonly Stack<TensorBuffers> _free = [];
    private readonly Lock _lock = new();
    private int _dimension;
    private bool _disposed;
    private volatile bool _hasFailed;

    /// <summary>Opens the graph.</summary>
    /// <exception cref="FlowKitException">As <see cref="SessionFactory.Open"/>.</exception>
    internal GraphRunner(string path, ClipTowers tower, ClipModelOptions options)
    {
        _file = TowerFile.Open(path, tower);
        (_session, Device, FromCache) = SessionFactory.Open(_file, options);
        Inputs = GraphPort.All(_session.InputMetadata);
        Output = OutputChoice.Of(GraphPort.All(_session.OutputMetadata), tower);
        _dimension = Output.Fixed(Output.Dimensions.Length - 1) ?? 0;
        var slots = Device == "cpu" ? options.ConcurrentCalls(Environment.ProcessorCount) : Math.Max(1, options.Concurrency);
        _running = new SemaphoreSlim(slots);

        // Calls with threads of their own do not get into each other's way; those that share all cores do, when they come from one batch.
        _parts = Inputs[0].Fixed(0) is null && options.InferenceThreads > 0 ? slots : 1;
    }

    /// <summary>Indicates whether the last run failed in the runtime: nothing that it is given can be wrong there.</summary>
    internal bool HasFailed => _hasFailed;

    /// <summary>The inputs of the graph.</summary>
    internal IReadOnlyList<GraphPort> Inputs { get; }

    /// <summary>The embedding.</summary>
    internal GraphPort Output { get; }

    /// <summary>The device that the graph runs on.</summary>
    internal string Device { get; }

    /// <summary>Indicates whether the optimised graph came from the cache.</summary>
    internal bool FromCache { get; }

    /// <summary>Values per embedding, where the graph says so.</summary>
    internal int? Dimension => _dimension > 0 ? _dimension : null;

    /// <summary>Takes memory for a batch; give it back with <see cref="Return"/>.</summary>
    /// <param name="itemBytes">Bytes of one item, for each input.</param>
    /// <param name="count">Items.</param>
    internal TensorBuffers Rent(IReadOnlyList<int> itemBytes, int count)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_free.TryPop(out var buffers))
            {
                if (buffers.Capacity >= count)
                {
                    return buffers;
                }

                buffers.Dispose();
            }
        }

        return new TensorBuffers(this, itemBytes, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, count)));
    }

    /// <summary>Gives memory back.</summary>
    internal void Return(TensorBuffers buffers)
    {
        lock (_lock)
        {
            if (!_disposed)
            {
                _free.Push(buffers);
                return;
            }
        }

        buffers.Dispose();
    }

    /// <summary>The shape of an input for a batch.</summary>
    internal long[] ShapeOf(GraphPort port, int count, int length)
    {
        long[] shape = [.. port.Dimensions.Select(static size => (long)size)];
        shape[0] = count;
        if (shape.Length == 2)
        {
            shape[1] = length;
        }

        return shape.Length == 4 && shape.Any(static size => size <= 0) ? throw Wrong($"takes {port}, whose size is not known") : shape;
    }

    /// <summary>Into how many calls a batch may be cut, which run side by side.</summary>
    internal int PartsOf(int count) => Math.Min(_parts, count);

    /// <summary>The shape of the output for a batch: what the graph says, or what one run shows.</summary>
    /// <exception cref="FlowKitException">Not one embedding for each item.</exception>
    internal long[] OutputShape(Func<OrtValue[]> bind, int count, int length, CancellationToken cancellation)
    {
        if (Output.Dimensions.Length == 2 && _dimension > 0)
        {
            return [count, _dimension];
        }

        using var options = new RunOptions();
        cancellation.ThrowIfCancellationRequested();
        var values = bind();
        using var results = Guard(
            count,
            () => _session.Run(options, [.. Inputs.Select(static port => port.Name)], values, [Output.Name]),
            cancellation);
        foreach (var value in values)
        {
            value.Dispose();
        }

        var shape = results[0].GetTensorTypeAndShape().Shape;
        var items = shape.Length >= 2 ? shape[..^1].Aggregate(1L, static (product, size) => product * size) : 0;
        if (items != count || shape[^1] < 1 || Output.Type is not (TensorElementType.Float or TensorElementType.Float16))
        {
            throw Wrong(
                $"gives {Output}, [{string.Join(", ", shape)}], for a batch of"
                + $" {count}{(length > 0 ? $" texts of {length} ids" : "")}; expected one embedding of float or float16 for each item");
        }

        _dimension = (int)shape[^1];
        return shape;
    }

    /// <summary>Binds inputs and output.</summary>
    internal OrtIoBinding Bind(OrtValue[] values, OrtValue output)
    {
        var binding = _session.CreateIoBinding();
        for (var i = 0; i < values.Length; i++)
        {
            binding.BindInput(Inputs[i].Name, values[i]);
        }

        binding.BindOutput(Output.Name, output);
        return binding;
    }

    /// <summary>The number of calls that could start now.</summary>
    internal int FreeSlots => _running.CurrentCount;

    /// <summary>Waits for a slot to run in; release it with <see cref="Leave"/>.</summary>
    internal void Enter(CancellationToken cancellation) => _running.Wait(cancellation);

    /// <summary>Takes a slot if one is free; release it with <see cref="Leave"/>.</summary>
    internal bool TryEnter() => _running.Wait(0);

    /// <summary>Releases a slot.</summary>
    internal void Leave() => _running.Release();

    /// <summary>Runs a bound call; the caller holds a slot.</summary>
    /// <param name="part">The bound call.</param>
    /// <param name="cancellation">Stops it between two nodes of the graph.</param>
    internal void Run(BoundPart part, CancellationToken cancellation)
    {
        try
        {
            part.Options.Terminate = false;
            using var stopping = cancellation.UnsafeRegister(s_stop, part.Options);
            _session.RunWithBinding(part.Options, part.Binding);
            _hasFailed = false;
        }
        catch (OnnxRuntimeException exception)
        {
            cancellation.ThrowIfCancellationRequested();
            throw Failed(part.Count, exception);
        }
    }

    /// <summary>Copies a run's embeddings out.</summary>
    internal void CopyTo(TensorBuffers buffers, BoundRun run, Span<float[]> target)
    {
        for (var i = 0; i < target.Length; i++)
        {
            var embedding = GC.AllocateUninitializedArray<float>(run.Dimension);
            if (Output.Type == TensorElementType.Float)
            {
                buffers.Output<float>(run).Slice(i * run.Dimension, run.Dimension).CopyTo(embedding);
            }
            else
            {
                System.Numerics.Tensors.TensorPrimitives.ConvertToSingle(
                    buffers.Output<Half>(run).Slice(i * run.Dimension, run.Dimension), embedding);
            }

            target[i] = embedding;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            while (_free.TryPop(out var buffers))
            {
                buffers.Dispose();
            }
        }

        // The semaphore stays: a helper releases its slot after the run that it helped, and it holds nothing that must be freed.
        _session.Dispose();
    }

    private T Guard<T>(int count, Func<T> run, CancellationToken cancellation)
    {
        try
        {
            return run();
        }
        catch (OnnxRuntimeException exception)
        {
            cancellation.ThrowIfCancellationRequested();
            throw Failed(count, exception);
        }
    }

    private FlowKitException Wrong(string why) => new(FlowErrorCode.FailedPrecondition, $"The model file {_file.Path} {why}.");

    private FlowKitException Failed(int count, OnnxRuntimeException exception)
    {
        _hasFailed = true;
        return new FlowKitException(
            new FlowError(FlowErrorCode.Internal, $"The model file {_file.Path} failed on a batch of {count}: {exception.Message}")
            {
                ExceptionName = nameof(OnnxRuntimeException),
            },
            exception);
    }
}
