namespace FlowKit.Clip;

/// <summary>What an input of a text tower is.</summary>
internal enum TextInput
{
    /// <summary>The token ids.</summary>
    Ids,

    /// <summary>1 for a token, 0 for padding.</summary>
    Mask,

    /// <summary>0, 1, 2, …</summary>
    Positions,

    /// <summary>Which of two texts: always the first.</summary>
    Kinds,
}
