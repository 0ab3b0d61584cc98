using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlowKit.Clip;

/// <summary>One tower's session: calls it with a batch and takes the embeddings out. Safe for many threads.</summary>
internal sealed class GraphRunner : IDisposable
{
    private readonly InferenceSession _session;
    private readonly string _path;
    private readonly GraphPort _output;

    /// <summary>Opens the graph.</summary>
    /// <exception cref="FlowKitException">As <see cref="SessionFactory.Open"/>.</exception>
    internal GraphRunner(string path, ClipModelOptions options)
    {
        _path = path;
        (_session, Device) = SessionFactory.Open(path, options);
        Inputs = GraphPort.All(_session.InputMetadata);
        _output = GraphPort.All(_session.OutputMetadata)
            .OrderByDescending(static port => port.Name.Contains("embed", StringComparison.OrdinalIgnoreCase))
            .First();
    }

    /// <summary>What the graph takes.</summary>
    internal IReadOnlyList<GraphPort> Inputs { get; }

    /// <summary>Where it runs.</summary>
    internal string Device { get; }

    /// <summary>Values per embedding, where the graph says so.</summary>
    internal int? Dimension => _output.Fixed(_output.Dimensions.Length - 1);

    /// <summary>Runs one batch.</summary>
    /// <param name="names">The inputs' names.</param>
    /// <param name="values">The inputs' values.</param>
    /// <param name="count">Items in the batch.</param>
    /// <param name="target">Receives one embedding for each of its places; fewer than <paramref name="count"/> where the batch is padded.</param>
    /// <param name="cancellation">Stops the run between two nodes of the graph.</param>
    internal void Run(IReadOnlyCollection<string> names, IReadOnlyCollection<OrtValue> values, int count, Span<float[]> target, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var options = new RunOptions();
        using var stop = cancellation.Register(static state => ((RunOptions)state!).Terminate = true, options);
        try
        {
            using var results = _session.Run(options, names, values, [_output.Name]);
            Copy(results[0], count, target);
        }
        catch (OnnxRuntimeException exception)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new FlowKitException(FlowErrorCode.Internal, $"The model file {_path} failed on a batch of {count}: {exception.Message}", exception);
        }
    }

    private void Copy(OrtValue result, int count, Span<float[]> target)
    {
        var half = _output.Type == TensorElementType.Float16;
        var total = (int)result.GetTensorTypeAndShape().ElementCount;
        if (total == 0 || total % count != 0 || (!half && _output.Type != TensorElementType.Float))
        {
            throw new FlowKitException(FlowErrorCode.FailedPrecondition, $"The model file {_path} gives {_output} for a batch of {count}; expected one embedding of float or float16 for each item.");
        }

        // [N, D], [N, 1, D] and [1, N, D] hold the same values in the same order.
        var dimension = total / count;
        for (var i = 0; i < target.Length; i++)
        {
            var embedding = GC.AllocateUninitializedArray<float>(dimension);
            if (half)
            {
                Widen(result.GetTensorDataAsSpan<Float16>().Slice(i * dimension, dimension), embedding);
            }
            else
            {
                result.GetTensorDataAsSpan<float>().Slice(i * dimension, dimension).CopyTo(embedding);
            }

            target[i] = embedding;
        }
    }

    private static void Widen(ReadOnlySpan<Float16> from, Span<float> to)
    {
        for (var i = 0; i < to.Length; i++)
        {
            to[i] = from[i].ToFloat();
        }
    }

    public void Dispose() => _session.Dispose();
}
