namespace FlowKit.Clip.Inference.Texts;

/// <summary>
/// Chooses the number of ids that a batch of texts is run with. Where neither the graph nor the padding's influence forbids it, texts are
/// run at little more than their own length; lengths come in steps, so that shapes repeat.
/// </summary>
/// <param name="card">The model.</param>
/// <param name="graphLength">The length the graph insists on, if any.</param>
internal sealed class TextLengths(ClipModelCard card, int? graphLength)
{
    private const int Step = 8;

    /// <summary>The most ids a text can have.</summary>
    internal int Max { get; } = graphLength ?? card.ContextLength;

    /// <summary>Indicates whether texts of different length may be run at different lengths.</summary>
    internal bool AreFree => graphLength is null && !card.PadToContext;

    /// <summary>The length for a text by itself: texts of one bucket run together.</summary>
    internal int Bucket(TokenizedText text) => AreFree ? Math.Min((text.Length + Step - 1) / Step * Step, Max) : Max;

    /// <summary>The length for a batch.</summary>
    internal int Of(ReadOnlySpan<TokenizedText> texts)
    {
        var max = 1;
        foreach (var text in texts)
        {
            max = Math.Max(max, Bucket(text));
        }

        return max;
    }
}
