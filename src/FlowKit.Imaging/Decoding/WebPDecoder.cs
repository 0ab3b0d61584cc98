using System.Buffers.Binary;

namespace FlowKit.Imaging.Decoding;

/// <summary>WebP, whose length stands in its header.</summary>
internal sealed class WebPDecoder : VipsDecoder
{
    /// <inheritdoc/>
    public override ImageFormat Format => ImageFormat.WebP;

    /// <inheritdoc/>
    public override string Name => "WebP";

    /// <inheritdoc/>
    public override string Loader => "webpload_buffer";

    /// <inheritdoc/>
    public override bool Recognises(ReadOnlySpan<byte> data) =>
        data is [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..];

    /// <summary>All of a picture is decoded at once.</summary>
    protected override long HiddenBytes(ImageHeader header, ReadOnlySpan<byte> encoded) => (long)header.Width * header.Height * 4;

    /// <inheritdoc/>
    public override bool EndsEarly(ReadOnlySpan<byte> data) => BinaryPrimitives.ReadUInt32LittleEndian(data[4..]) + 8L > data.Length;
}
