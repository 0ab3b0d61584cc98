using System.Buffers.Binary;

namespace FlowKit.Imaging.Decoding;

/// <summary>PNG.</summary>
internal sealed class PngDecoder : VipsDecoder
{
    private const int SignatureSize = 8;

    /// <summary>A chunk's length, its name and its checksum.</summary>
    private const int ChunkFrame = 12;

    private const int DepthPlace = 24;
    private const int ColourPlace = 25;
    private const int InterlacePlace = 28;
    private const int MaxPixelBytes = 8;
    private const byte GrayWithoutAlpha = 0;
    private const byte Indexed = 3;

    /// <inheritdoc/>
    public override ImageFormat Format => ImageFormat.Png;

    /// <inheritdoc/>
    public override string Loader => "pngload_buffer";

    /// <inheritdoc/>
    public override bool Recognises(ReadOnlySpan<byte> data) =>
        data is [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, ..];

    /// <inheritdoc/>
    public override bool EndsEarly(ReadOnlySpan<byte> data) => data.LastIndexOf("IEND"u8) < 0;

    /// <summary>libvips makes an alpha of a transparent value; the gray is still gray without alpha.</summary>
    internal override PixelKind KindOf(PixelKind opened, ReadOnlySpan<byte> encoded) =>
        opened with { IsWideGray = encoded[ColourPlace] == GrayWithoutAlpha };

    /// <summary>The rows of an interlaced picture come in seven passes, so that all of it is kept.</summary>
    protected override long HiddenBytes(ImageHeader header, ReadOnlySpan<byte> encoded) =>
        encoded[InterlacePlace] == 0 ? 0 : (long)header.Width * header.Height * MaxPixelBytes;

    /// <summary>An index beyond the palette is a shade of gray: the palette is filled up with them.</summary>
    protected override byte[]? Rewrite(ReadOnlySpan<byte> encoded)
    {
        if (encoded[ColourPlace] != Indexed)
        {
            return null;
        }

        var place = SignatureSize;
        while (place + ChunkFrame <= encoded.Length)
        {
            var size = BinaryPrimitives.ReadUInt32BigEndian(encoded[place..]);
            if (size > encoded.Length - place - ChunkFrame)
            {
                return null;
            }

            if (encoded.Slice(place + 4, 4).SequenceEqual("PLTE"u8))
            {
                return WithWholePalette(encoded, place, (int)size);
            }

            place += (int)size + ChunkFrame;
        }

        return null;
    }

    private static byte[]? WithWholePalette(ReadOnlySpan<byte> encoded, int place, int size)
    {
        var whole = 3 << encoded[DepthPlace];
        if (size >= whole)
        {
            return null;
        }

        var copy = new byte[encoded.Length + whole - size];
        encoded[..place].CopyTo(copy);
        var chunk = copy.AsSpan(place, whole + ChunkFrame);
        BinaryPrimitives.WriteInt32BigEndian(chunk, whole);
        encoded.Slice(place + 4, 4 + size).CopyTo(chunk[4..]);
        for (var i = size; i < whole; i++)
        {
            chunk[8 + i] = (byte)(i / 3);
        }

        BinaryPrimitives.WriteUInt32BigEndian(chunk[^4..], Checksum(chunk[4..^4]));
        encoded[(place + size + ChunkFrame)..].CopyTo(copy.AsSpan(place + chunk.Length));
        return copy;
    }

    /// <summary>Returns the CRC-32 of a chunk's name and data.</summary>
    private static uint Checksum(ReadOnlySpan<byte> data)
    {
        var checksum = uint.MaxValue;
        foreach (var value in data)
        {
            checksum ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                checksum = (checksum >> 1) ^ (0xEDB88320 & (0 - (checksum & 1)));
            }
        }

        return ~checksum;
    }
}
