namespace FlowKit.Imaging.Decoding;

/// <summary>GIF, of which the first frame is taken.</summary>
internal sealed class GifDecoder : VipsDecoder
{
    private const byte Trailer = 0x3B;

    /// <inheritdoc/>
    public override ImageFormat Format => ImageFormat.Gif;

    /// <inheritdoc/>
    public override string Loader => "gifload_buffer";

    /// <inheritdoc/>
    public override bool Recognises(ReadOnlySpan<byte> data) => data is [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..];

    /// <inheritdoc/>
    public override bool EndsEarly(ReadOnlySpan<byte> data) => data[^1] != Trailer;
}
