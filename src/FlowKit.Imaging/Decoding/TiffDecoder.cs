namespace FlowKit.Imaging.Decoding;

/// <summary>TIFF, of which the first page is taken. It has no end mark: its parts lie where its directory says.</summary>
internal sealed class TiffDecoder : VipsDecoder
{
    /// <inheritdoc/>
    public override ImageFormat Format => ImageFormat.Tiff;

    /// <inheritdoc/>
    public override string Loader => "tiffload_buffer";

    /// <inheritdoc/>
    public override bool Recognises(ReadOnlySpan<byte> data) =>
        data is [(byte)'I', (byte)'I', 42 or 43, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or 43, ..];
}
