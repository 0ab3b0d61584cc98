namespace FlowKit.Imaging.Decoding;

/// <summary>JPEG, which can be decoded at a fraction of its size.</summary>
internal sealed class JpegDecoder : VipsDecoder
{
    /// <inheritdoc/>
    public override ImageFormat Format => ImageFormat.Jpeg;

    /// <inheritdoc/>
    public override string Loader => "jpegload_buffer";

    /// <inheritdoc/>
    public override bool Recognises(ReadOnlySpan<byte> data) => data is [0xFF, 0xD8, 0xFF, ..];

    /// <inheritdoc/>
    public override bool EndsEarly(ReadOnlySpan<byte> data) => data.LastIndexOf<byte>([0xFF, 0xD9]) < 0;

    /// <inheritdoc/>
    protected override int ShrinkOf(ImageHeader header, int shortSide)
    {
        if (shortSide < 1)
        {
            return 1;
        }

        var shorter = Math.Min(header.Width, header.Height);
        return (shorter / shortSide) switch
        {
            >= 8 => 8,
            >= 4 => 4,
            >= 2 => 2,
            _ => 1,
        };
    }
}
