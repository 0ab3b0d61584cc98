namespace FlowKit.Imaging;

/// <summary>The weighting of neighbours when resizing; both widen with the scale, as Pillow's do.</summary>
public enum ResampleFilter
{
    /// <summary>Pillow's BICUBIC: a = -0.5, two pixels each way.</summary>
    Bicubic,

    /// <summary>Pillow's BILINEAR: a triangle, one pixel each way.</summary>
    Bilinear,
}
