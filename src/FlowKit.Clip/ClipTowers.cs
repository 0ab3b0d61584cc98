namespace FlowKit.Clip;

/// <summary>The towers of a model.</summary>
[Flags]
public enum ClipTowers
{
    /// <summary>Neither: each is loaded when it is first used.</summary>
    None = 0,

    /// <summary>The text tower.</summary>
    Text = 1,

    /// <summary>The image tower.</summary>
    Image = 2,

    /// <summary>Both.</summary>
    Both = Text | Image,
}
