namespace FlowKit.Clip;

/// <summary>A text as a model reads it.</summary>
/// <param name="Ids">Begin, the tokens, end, then padding up to the context length.</param>
/// <param name="Length">Ids before the padding.</param>
/// <param name="LostTokens">Tokens cut off because the text is too long.</param>
/// <param name="LostWords">Words of which at least one token was cut off.</param>
public sealed record TokenizedText(int[] Ids, int Length, int LostTokens, int LostWords)
{
    /// <summary>Indicates whether the text was too long for the model.</summary>
    public bool Truncated => LostTokens > 0;

    /// <summary>
    /// The words that were cut off, as the tokenizer sees them, from the first that lost a token; empty where nothing is lost.
    /// </summary>
    public string LostText { get; init; } = "";
}
