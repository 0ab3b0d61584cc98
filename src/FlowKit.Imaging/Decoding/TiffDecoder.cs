namespace FlowKit.Imaging.Decoding;

/// <summary>TIFF, of which the first page is taken. It has no end mark: its parts lie where its directory says.</summary>
internal sealed class TiffDecoder : VipsDecoder
{
    /// <inheritdoc/>
    public override ImageFormat Format => ImageFormat.Tiff;

    /// <inheritdoc/>
    public override string Loader => "tiffload_buffer";

    /// <summary>libtiff shortens a strip that is not whole, and its other pixels are whatever was in memory.</summary>
    protected override bool TellsMissingPixels => false;

    /// <inheritdoc/>
    public override bool Recognises(ReadOnlySpan<byte> data) =>
        data is [(byte)'I', (byte)'I', 42 or 43, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or 43, ..];

    /// <inheritdoc/>
    public override bool EndsEarly(ReadOnlySpan<byte> data)
    {
        try
        {
            return new TiffDirectory(data).PointsBeyondEnd();
        }
        catch (ArgumentOutOfRangeException)
        {
            // The directory itself is damaged, which libtiff says.
            return false;
        }
    }
}
