namespace FlowKit.Imaging;

/// <summary>The file formats FlowKit decodes.</summary>
public enum ImageFormat
{
    /// <summary>JPEG, baseline or progressive; gray, colour or CMYK.</summary>
    Jpeg,

    /// <summary>PNG of any kind.</summary>
    Png,

    /// <summary>WebP, lossy or lossless.</summary>
    WebP,

    /// <summary>GIF; the first frame is taken.</summary>
    Gif,

    /// <summary>TIFF; the first page is taken.</summary>
    Tiff,

    /// <summary>BMP of 1 to 32 bits.</summary>
    Bmp,

    /// <summary>PBM, PGM and PPM, in bytes or in text.</summary>
    Pnm,

    /// <summary>TGA: gray, palettes and colours.</summary>
    Tga,
}
