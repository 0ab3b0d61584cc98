namespace FlowKit.Imaging;

/// <summary>The handling of the orientation that a camera wrote into a file.</summary>
public enum ExifOrientation
{
    /// <summary>Leave the pixels as stored: what every CLIP pipeline built on Pillow does.</summary>
    Ignore,

    /// <summary>Turn and mirror the picture upright.</summary>
    Apply,
}
