namespace FlowKit.Clip.Models.Diagnostics;

/// <summary>The outcome of one check of a model.</summary>
public enum ClipFindingState
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It could not be looked at, or is strange but may be meant.</summary>
    Unsure,

    /// <summary>Wrong: embeddings or scores are not what they should be.</summary>
    Wrong,
}
