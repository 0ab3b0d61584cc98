namespace FlowKit.Clip;

/// <summary>A text as a model reads it.</summary>
/// <param name="Ids">Begin, the tokens, end, then padding up to the context length.</param>
/// <param name="Length">Ids before the padding.</param>
/// <param name="LostTokens">Tokens cut off because the text is too long.</param>
/// <param name="LostWords">Words of which at least one token was cut off.</param>
public sealed record TokenizedText(int[] Ids, int Length, int LostTokens, int LostWords)
{
    /// <summary>The most characters of <see cref="LostText"/>.</summary>
    internal const int MaxLostText = 16_384;

    private const int ExcerptLength = 200;

    /// <summary>Indicates whether the text was too long for the model.</summary>
    public bool Truncated => LostTokens > 0;

    /// <summary>
    /// The words that were cut off, as the tokenizer sees them, from the first that lost a token; empty where nothing is lost. Of very
    /// many the first 16,384 characters.
    /// </summary>
    public string LostText { get; init; } = "";

    /// <summary>The characters of all words that were cut off, those included that <see cref="LostText"/> has no room for.</summary>
    public int LostLength { get; init; }

    /// <summary>
    /// The words that were cut off, to be shown to somebody: the first of them, in at most 200 characters, and how many characters they all
    /// have where that is more.
    /// </summary>
    public string LostExcerpt => LostLength <= ExcerptLength ? LostText : $"{FirstWords()} … ({LostLength} characters)";

    private string FirstWords()
    {
        var beginning = LostText[..Math.Min(LostText.Length, ExcerptLength)];
        var space = beginning.LastIndexOf(' ');
        if (space > 0)
        {
            return beginning[..space];
        }

        return char.IsHighSurrogate(beginning[^1]) ? beginning[..^1] : beginning;
    }
}
