namespace FlowKit.Clip;

/// <summary>What is done to a text before it is split into words; both end in one-space white space and lower case.</summary>
public enum TextCleaning
{
    /// <summary>
    /// OpenAI's and open_clip's: straight quotes, plain ligatures and widths, no control characters, composed characters (NFC),
    /// HTML entities decoded twice. Of ftfy, the repair of wrongly decoded text is not done.
    /// </summary>
    OpenAi,

    /// <summary>Hugging Face's <c>CLIPTokenizerFast</c>: composed characters (NFC) only.</summary>
    HuggingFace,
}
