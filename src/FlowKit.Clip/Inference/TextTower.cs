using System.Numerics;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlowKit.Clip;

/// <summary>The text tower: token ids to embeddings.</summary>
internal sealed class TextTower : IDisposable
{
    private readonly GraphRunner _graph;
    private readonly GraphPort _ids;
    private readonly GraphPort? _mask;
    private readonly bool _padToContext;

    /// <summary>Opens the tower and looks at what it takes.</summary>
    /// <exception cref="FlowKitException">Not a text tower.</exception>
    internal TextTower(ClipModelFolder folder, ClipModelOptions options)
    {
        _graph = new GraphRunner(folder.TextualPath!, options);
        _padToContext = folder.Card.PadToContext;
        _mask = _graph.Inputs.FirstOrDefault(static port => port.IsIds && port.Name.Contains("mask", StringComparison.OrdinalIgnoreCase));
        _ids = _graph.Inputs.FirstOrDefault(port => port.IsIds && port != _mask) ?? _graph.Inputs[0];
        var problem = !_ids.IsIds
            ? $"takes pixels: is it swapped with the image tower {folder.VisualPath}?"
            : _ids.Dimensions.Length != 2 || _graph.Inputs.Any(port => port != _ids && port != _mask)
            ? "is not a tower for token ids [N, length]."
            : null;
        if (problem is not null)
        {
            _graph.Dispose();
            throw new FlowKitException(FlowErrorCode.FailedPrecondition, $"The textual file {folder.TextualPath} with input {string.Join(", ", _graph.Inputs)} {problem}");
        }
    }

    /// <summary>Where it runs.</summary>
    internal string Device => _graph.Device;

    /// <summary>Values per embedding, where the graph says so.</summary>
    internal int? Dimension => _graph.Dimension;

    /// <summary>The batch that the graph insists on, if any.</summary>
    internal int? FixedBatch => _ids.Fixed(0);

    /// <summary>Embeds one batch of at most <see cref="FixedBatch"/> texts.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="target">Receives one embedding per text.</param>
    /// <param name="cancellation">Stops the run.</param>
    internal void Run(ReadOnlySpan<TokenizedText> texts, Span<float[]> target, CancellationToken cancellation)
    {
        if (_ids.Type == TensorElementType.Int32)
        {
            Run<int>(texts, target, cancellation);
        }
        else
        {
            Run<long>(texts, target, cancellation);
        }
    }

    private void Run<T>(ReadOnlySpan<TokenizedText> texts, Span<float[]> target, CancellationToken cancellation)
        where T : unmanaged, INumber<T>
    {
        var count = FixedBatch ?? texts.Length;
        var length = SequenceLength(texts);
        var (ids, mask) = (new T[count * length], new T[count * length]);
        for (var i = 0; i < count; i++)
        {
            // A fixed batch is filled up with copies of its last text.
            Fill(texts[Math.Min(i, texts.Length - 1)], ids.AsSpan(i * length, length), mask.AsSpan(i * length, length));
        }

        long[] shape = [count, length];
        using var idsValue = OrtValue.CreateTensorValueFromMemory(ids, shape);
        if (_mask is null)
        {
            _graph.Run([_ids.Name], [idsValue], count, target, cancellation);
            return;
        }

        using var maskValue = MaskValue(mask, shape);
        _graph.Run([_ids.Name, _mask.Name], [idsValue, maskValue], count, target, cancellation);
    }

    // Trimming to the longest text is right only where nothing looks at the padding behind the end mark.
    private int SequenceLength(ReadOnlySpan<TokenizedText> texts)
    {
        var longest = 0;
        foreach (var text in texts)
        {
            longest = Math.Max(longest, _padToContext ? text.Ids.Length : text.Length);
        }

        return _ids.Fixed(1) ?? longest;
    }

    private static void Fill<T>(TokenizedText text, Span<T> ids, Span<T> mask)
        where T : unmanaged, INumber<T>
    {
        for (var i = 0; i < Math.Min(text.Length, ids.Length); i++)
        {
            ids[i] = T.CreateTruncating(text.Ids[i]);
            mask[i] = T.One;
        }

        if (text.Length > ids.Length)
        {
            // A graph with fewer places than the tokenizer gives: the end mark must stay.
            ids[^1] = T.CreateTruncating(text.Ids[text.Length - 1]);
        }
    }

    private OrtValue MaskValue<T>(T[] mask, long[] shape)
        where T : unmanaged, INumber<T> => _mask!.Type == TensorElementType.Int32
            ? OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(mask, int.CreateTruncating), shape)
            : OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(mask, long.CreateTruncating), shape);

    public void Dispose() => _graph.Dispose();
}
