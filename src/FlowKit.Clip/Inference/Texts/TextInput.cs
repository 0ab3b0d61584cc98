namespace FlowKit.Clip.Inference.Texts;

/// <summary>The meaning of an input of a text tower.</summary>
internal enum TextInput
{
    /// <summary>The token ids.</summary>
    Ids,

    /// <summary>1 for a token, 0 for padding.</summary>
    Mask,

    /// <summary>0, 1, 2, …</summary>
    Positions,

    /// <summary>The segment ids of a pair of texts: always 0, the first text.</summary>
    Kinds,
}
