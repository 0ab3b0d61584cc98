using System.Numerics;

namespace FlowKit.Clip.Inference.Texts;

/// <summary>Fills a text tower's inputs.</summary>
internal static class TextInputs
{
    /// <summary>Tells the meaning of an input by its name.</summary>
    internal static TextInput Of(GraphPort port) => port.Name switch
    {
        var name when name.Contains("mask", StringComparison.OrdinalIgnoreCase) => TextInput.Mask,
        var name when name.Contains("position", StringComparison.OrdinalIgnoreCase) => TextInput.Positions,
        var name when name.Contains("type", StringComparison.OrdinalIgnoreCase) => TextInput.Kinds,
        _ => TextInput.Ids,
    };

    /// <summary>Fills one input for a batch; a fixed batch is filled up with copies of its last text.</summary>
    /// <param name="kind">The meaning of the input.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="target">Receives the rows.</param>
    /// <param name="length">Ids per row.</param>
    internal static void Fill<T>(TextInput kind, ReadOnlySpan<TokenizedText> texts, Span<T> target, int length)
        where T : unmanaged, INumber<T>
    {
        for (var row = 0; row * length < target.Length; row++)
        {
            FillRow(kind, texts[Math.Min(row, texts.Length - 1)], target.Slice(row * length, length));
        }
    }

    private static void FillRow<T>(TextInput kind, TokenizedText text, Span<T> row)
        where T : unmanaged, INumber<T>
    {
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = T.CreateTruncating(kind switch
            {
                TextInput.Ids => text.Ids[i],
                TextInput.Mask => i < text.Length ? 1 : 0,
                TextInput.Positions => i,
                _ => 0,
            });
        }
    }
}
