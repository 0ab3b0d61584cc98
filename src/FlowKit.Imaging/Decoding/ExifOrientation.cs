namespace FlowKit.Imaging;

/// <summary>What to do with the orientation a camera wrote into the file.</summary>
public enum ExifOrientation
{
    /// <summary>Leave the pixels as stored: what every CLIP pipeline built on Pillow does.</summary>
    Ignore,

    /// <summary>Turn and mirror the picture upright.</summary>
    Apply,
}
