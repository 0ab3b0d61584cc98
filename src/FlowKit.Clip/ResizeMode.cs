namespace FlowKit.Clip;

/// <summary>The way a picture of any shape becomes square.</summary>
public enum ResizeMode
{
    /// <summary>The shorter side is resized, the middle is cropped: OpenAI's CLIP and its kin.</summary>
    Shortest,

    /// <summary>Both sides are resized to the target, whatever that does to the proportions: SigLIP and its kin.</summary>
    Squash,

    /// <summary>The longer side is resized, the rest is filled with one colour: open_clip's <c>longest</c>.</summary>
    Longest,
}
