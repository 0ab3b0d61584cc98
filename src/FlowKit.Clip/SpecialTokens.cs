namespace FlowKit.Clip;

/// <summary>The meaning of <c>&lt;|startoftext|&gt;</c> and <c>&lt;|endoftext|&gt;</c> in a user's text.</summary>
public enum SpecialTokens
{
    /// <summary>Ordinary characters: a user cannot end the text early.</summary>
    Literal,

    /// <summary>The special tokens themselves, as in OpenAI's tokenizer.</summary>
    Honour,

    /// <summary>An error.</summary>
    Error,
}
