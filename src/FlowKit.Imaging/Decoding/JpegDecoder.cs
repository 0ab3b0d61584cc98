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

    /// <summary>A progressive picture comes in layers, so that the coefficients of all of it are kept: two bytes each.</summary>
    protected override long HiddenBytes(ImageHeader header, ReadOnlySpan<byte> encoded)
    {
        const int Coefficients = 3 * sizeof(short);
        return IsProgressive(encoded) ? (long)header.Width * header.Height * Coefficients : 0;
    }

    private static bool IsProgressive(ReadOnlySpan<byte> data)
    {
        const byte Mark = 0xFF;
        const byte StartOfScan = 0xDA;
        for (var rest = data[2..]; rest is [Mark, not StartOfScan, _, _, ..];)
        {
            // SOF2, SOF6, SOF10 and SOF14.
            if (rest[1] is 0xC2 or 0xC6 or 0xCA or 0xCE)
            {
                return true;
            }

            var size = rest[1] == Mark ? 1 : 2 + BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            rest = rest[Math.Min(size, rest.Length)..];
        }

        return false;
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
