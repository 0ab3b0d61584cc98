using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlowKit.Clip.Inference.Texts;

/// <summary>The text tower: token ids to embeddings.</summary>
internal sealed class TextTower : IDisposable
{
    private readonly GraphRunner _graph;
    private readonly GraphPort _ids;
    private readonly int[] _itemBytes;
    private readonly TextLengths _lengths;
    private readonly TowerMeter _meter;

    /// <summary>Opens the tower and looks at what it takes.</summary>
    /// <exception cref="FlowKitException">Not a text tower.</exception>
    internal TextTower(ClipModelFolder folder, ClipModelOptions options)
    {
        _graph = new GraphRunner(folder.TextualPath!, ClipTowers.Text, options);
        _ids = _graph.Inputs.FirstOrDefault(static port => port.IsIds && TextInputs.Of(port) == TextInput.Ids) ?? _graph.Inputs[0];
        if (ProblemOf(folder) is { } problem)
        {
            var inputs = string.Join(", ", _graph.Inputs);
            _graph.Dispose();
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"The textual file {folder.TextualPath} with input {inputs} {problem}");
        }

        _lengths = new TextLengths(folder.Card, _ids.Fixed(1));
        _meter = new TowerMeter(folder.Card, ClipTowers.Text);
        _itemBytes = [.. _graph.Inputs.Select(port => _lengths.Max * port.ElementSize)];
    }

    /// <summary>The device that the tower runs on.</summary>
    internal string Device => _graph.Device;

    /// <summary>Indicates whether the optimised graph came from the cache.</summary>
    internal bool FromCache => _graph.FromCache;

    /// <summary>Indicates whether the last run failed in the runtime.</summary>
    internal bool HasFailed => _graph.HasFailed;

    /// <summary>Values per embedding, where the graph says so.</summary>
    internal int? Dimension => _graph.Dimension;

    /// <summary>The batch that the graph insists on, if any.</summary>
    internal int? FixedBatch => _ids.Fixed(0);

    /// <summary>Chooses the number of ids that a text is run with.</summary>
    internal TextLengths Lengths => _lengths;

    /// <summary>Embeds one batch.</summary>
    /// <param name="texts">The texts, at most <see cref="FixedBatch"/>.</param>
    /// <param name="target">Receives one embedding per text.</param>
    /// <param name="cancellation">Stops the run.</param>
    internal void Run(ReadOnlySpan<TokenizedText> texts, Span<float[]> target, CancellationToken cancellation)
    {
        var count = FixedBatch ?? texts.Length;
        var length = _lengths.Of(texts);
        var buffers = _graph.Rent(_itemBytes, count);
        try
        {
            for (var input = 0; input < _graph.Inputs.Count; input++)
            {
                Fill(buffers, input, texts, count, length);
            }

            var run = buffers.Run(0, count, length, cancellation);
            _meter.Count(texts);
            _graph.CopyTo(buffers, run, target);
        }
        finally
        {
            _graph.Return(buffers);
        }
    }

    /// <summary>Returns the reason that the graph cannot embed texts, or <see langword="null"/> when it can.</summary>
    private string? ProblemOf(ClipModelFolder folder)
    {
        if (!_ids.IsIds)
        {
            return $"takes pixels: is it swapped with the image tower {folder.VisualPath}?";
        }

        return _graph.Inputs.Any(port =>
            !port.IsIds || port.Dimensions.Length != 2 || (port != _ids && TextInputs.Of(port) == TextInput.Ids))
            ? "is not a tower for token ids [N, length]."
            : null;
    }

    private void Fill(TensorBuffers buffers, int input, ReadOnlySpan<TokenizedText> texts, int count, int length)
    {
        var port = _graph.Inputs[input];
        if (port.Type == TensorElementType.Int32)
        {
            TextInputs.Fill(TextInputs.Of(port), texts, buffers.Input<int>(input)[..(count * length)], length);
        }
        else
        {
            TextInputs.Fill(TextInputs.Of(port), texts, buffers.Input<long>(input)[..(count * length)], length);
        }
    }

    public void Dispose() => _graph.Dispose();
}
