using System.Buffers.Binary;

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
    public override bool EndsEarly(ReadOnlySpan<byte> data) => Scans(data).LastIndexOf<byte>([0xFF, 0xD9]) < 0;

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

    /// <summary>Returns what follows the header's segments, one of which may hold a thumbnail with an end mark of its own.</summary>
    private static ReadOnlySpan<byte> Scans(ReadOnlySpan<byte> data)
    {
        const byte Mark = 0xFF;
        const byte StartOfScan = 0xDA;
        const int MarkSize = 2;
        var rest = data[MarkSize..];
        while (rest is [Mark, not StartOfScan, _, _, ..])
        {
            // A mark may stand behind any number of bytes that fill up.
            var size = rest[1] == Mark ? 1 : MarkSize + BinaryPrimitives.ReadUInt16BigEndian(rest[MarkSize..]);
            rest = rest[Math.Min(size, rest.Length)..];
        }

        return rest;
    }
}
