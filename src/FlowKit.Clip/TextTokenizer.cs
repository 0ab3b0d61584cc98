namespace FlowKit.Clip;

/// <summary>Turns texts into the ids a model reads. Safe for many threads.</summary>
public abstract class TextTokenizer
{
    private protected TextTokenizer(int contextLength, int padId)
    {
        if (contextLength < 3)
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, $"The context length is {contextLength}; expected at least 3.");
        }

        (ContextLength, PadId) = (contextLength, padId);
    }

    /// <summary>Ids per text, padding included.</summary>
    public int ContextLength { get; }

    /// <summary>The id that fills a text up.</summary>
    public int PadId { get; }

    /// <summary>The number of different ids.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>The ids of a text, cut to the context length with the end mark kept, and padded.</summary>
    /// <param name="text">Any text; lone surrogates become U+FFFD.</param>
    /// <param name="specialTokens">The meaning of special tokens in the text.</param>
    /// <exception cref="FlowKitException">A special token in the text, where that is an error.</exception>
    public abstract TokenizedText Encode(string text, SpecialTokens specialTokens = SpecialTokens.Literal);

    /// <summary>The text that ids stand for, without special tokens.</summary>
    /// <param name="ids">Ids as <see cref="Encode"/> gives them.</param>
    public abstract string Decode(ReadOnlySpan<int> ids);
}
