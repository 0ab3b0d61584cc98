namespace FlowKit.Clip;

/// <summary>The cleaning of a text before it is split into words. The first three end with single spaces and lower case.</summary>
public enum TextCleaning
{
    /// <summary>
    /// OpenAI's and open_clip's: ftfy 6.3.1's repairs (wrongly decoded text, entities, quotes, ligatures, widths, control characters,
    /// composed characters), HTML entities decoded twice, and the lower case that a word asks for.
    /// </summary>
    OpenAi,

    /// <summary>Hugging Face's <c>CLIPTokenizerFast</c>: composed characters (NFC) only.</summary>
    HuggingFace,

    /// <summary>
    /// open_clip's <c>canonicalize</c>, which SigLIP uses: after <see cref="OpenAi"/>'s repair, underscores become spaces and ASCII
    /// punctuation goes.
    /// </summary>
    Canonicalize,

    /// <summary>Nothing but what the tokenizer itself does.</summary>
    None,
}
