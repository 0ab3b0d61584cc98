using FlowKit.Imaging.Decoding;

namespace FlowKit.Imaging;

/// <summary>
/// Decodes JPEG, PNG, WebP, GIF (first frame), TIFF (first page), BMP, PBM, PGM, PPM and TGA to RGB. Safe to call from many threads.
/// </summary>
/// <remarks>Colour profiles are not applied, as in Pillow. See <see cref="PixelConversion"/> for the rules by kind of pixel.</remarks>
public static class ImageDecoder
{
    /// <summary>Reads the header only.</summary>
    /// <param name="encoded">The file's bytes.</param>
    /// <exception cref="FlowKitException"><see cref="FlowErrorCode.InvalidArgument"/>: not an image, or damaged.</exception>
    public static ImageHeader ReadHeader(ReadOnlySpan<byte> encoded) => FormatDecoders.Find(encoded).ReadHeader(encoded);

    /// <summary>Decodes a picture to RGB.</summary>
    /// <param name="encoded">The file's bytes.</param>
    /// <param name="options">Limits and policies; <see cref="ImageDecodeOptions.Default"/> when <see langword="null"/>.</param>
    /// <returns>The picture; where it is over a rented buffer (the default), disposing it gives the buffer back.</returns>
    /// <exception cref="FlowKitException">
    /// <see cref="FlowErrorCode.InvalidArgument"/>: not an image, damaged, cut off, or larger than the limit.
    /// </exception>
    public static RgbImage Decode(ReadOnlySpan<byte> encoded, ImageDecodeOptions? options = null) =>
        FormatDecoders.Find(encoded).Decode(encoded, options ?? ImageDecodeOptions.Default);

    /// <summary>
    /// Decodes a picture some rows at a time, so that it never stands in memory as a whole, unless its format does not allow that: one that
    /// is turned, an interlaced PNG, a progressive JPEG, a WebP, a GIF.
    /// </summary>
    /// <param name="encoded">The file's bytes.</param>
    /// <param name="receiver">Takes the rows; what it has taken of a picture that turns out to be damaged is of no use.</param>
    /// <param name="options">Limits and policies; <see cref="ImageDecodeOptions.Default"/> when <see langword="null"/>.</param>
    /// <exception cref="FlowKitException">As <see cref="Decode"/>.</exception>
    public static void DecodeRows(ReadOnlySpan<byte> encoded, IPixelReceiver receiver, ImageDecodeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        FormatDecoders.Find(encoded).DecodeRows(encoded, receiver, options ?? ImageDecodeOptions.Default);
    }
}
