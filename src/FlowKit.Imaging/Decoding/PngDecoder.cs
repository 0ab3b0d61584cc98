namespace FlowKit.Imaging.Decoding;

/// <summary>PNG.</summary>
internal sealed class PngDecoder : VipsDecoder
{
    /// <inheritdoc/>
    public override ImageFormat Format => ImageFormat.Png;

    /// <inheritdoc/>
    public override string Loader => "pngload_buffer";

    /// <inheritdoc/>
    public override bool Recognises(ReadOnlySpan<byte> data) =>
        data is [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, ..];

    /// <inheritdoc/>
    public override bool EndsEarly(ReadOnlySpan<byte> data) => data.LastIndexOf("IEND"u8) < 0;
}
