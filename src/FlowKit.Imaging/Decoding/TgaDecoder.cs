using FlowKit.Imaging.Decoding.Bitmaps;
using SixLabors.ImageSharp.Formats;

namespace FlowKit.Imaging.Decoding;

/// <summary>TGA: gray, palettes and colours of 16, 24 and 32 bits, with or without run lengths.</summary>
internal sealed class TgaDecoder : ImageSharpDecoder
{
    private const int HeaderSize = 18;
    private const int Indexed = 1;
    private const int Coloured = 2;
    private const int Gray = 3;
    private const int RunLengths = 8;
    private const int Colours = 256;
    private const int ColourSize = 3;

    /// <inheritdoc/>
    public override ImageFormat Format => ImageFormat.Tga;

    /// <inheritdoc/>
    protected override IImageDecoder Reader { get; } = new SixLabors.ImageSharp.Formats.Tga.TgaDecoder();

    /// <summary>No mark tells the format: every field of the header must be one that it can be. So it is asked for last.</summary>
    public override bool Recognises(ReadOnlySpan<byte> data) =>
        data.Length >= 16
        && (data[1], data[2], data[7]) is (1, 1 or 9, 16 or 24 or 32) or (0, 2 or 3 or 10 or 11, 0)
        && (data[12] | data[13]) != 0
        && (data[14] | data[15]) != 0
        && (data.Length < HeaderSize || (data[16] is 8 or 16 or 24 or 32 && (data[17] & 0xC0) == 0));

    /// <inheritdoc/>
    protected override BitmapHeader ParseBitmapHeader(ReadOnlySpan<byte> encoded)
    {
        var fields = new ByteReader(encoded).Take(HeaderSize);
        var (kind, depth) = (fields[2] & ~RunLengths, fields[16]);
        var (width, height) = (fields[12] | (fields[13] << 8), fields[14] | (fields[15] << 8));
        return new BitmapHeader(width, height)
        {
            Unsupported = (kind, depth) is (Indexed, 8) or (Coloured, 16 or 24 or 32) or (Gray, 8 or 16)
                ? null
                : $"{depth}-bit pixels of kind {fields[2]}",
            MinBytes = HeaderSize + ((fields[2] & RunLengths) == 0 ? (long)width * height * depth / 8 : 0),
            Highest = (kind, depth) is (Coloured, 16) ? (31, 31, 31) : default,
        };
    }

    /// <summary>
    /// ImageSharp reads no palette that does not begin at index 0, and none of the indices beyond it. So a palette is filled up: with
    /// black before its beginning, and with shades of gray behind its end.
    /// </summary>
    protected override byte[]? Rewrite(ReadOnlySpan<byte> encoded)
    {
        if (encoded[1] == 0)
        {
            return null;
        }

        var (start, count, size) = (encoded[3] | (encoded[4] << 8), encoded[5] | (encoded[6] << 8), encoded[7] / 8);
        var reader = new ByteReader(encoded);
        var header = reader.Take(HeaderSize + encoded[0]);
        var palette = reader.Take(count * size);
        byte[] copy = [.. header, .. new byte[Colours * ColourSize], .. reader.Rest];
        Span<byte> fields = [0, 0, 0, Colours >> 8, ColourSize * 8];
        fields.CopyTo(copy.AsSpan(3));
        var colours = copy.AsSpan(header.Length, Colours * ColourSize);
        for (var index = start; index < Colours; index++)
        {
            var colour = colours.Slice(index * ColourSize, ColourSize);
            if (index >= start + count)
            {
                colour.Fill((byte)index);
            }
            else
            {
                Expand(palette.Slice((index - start) * size, size), colour);
            }
        }

        return copy;
    }

    /// <summary>Writes an entry of a palette, of 15 bits or more, as blue, green and red.</summary>
    private static void Expand(ReadOnlySpan<byte> entry, Span<byte> colour)
    {
        if (entry.Length >= ColourSize)
        {
            entry[..ColourSize].CopyTo(colour);
            return;
        }

        var bits = entry[0] | (entry[1] << 8);
        for (var i = 0; i < ColourSize; i++)
        {
            colour[i] = (byte)(((bits >> (5 * i)) & 31) * 255 / 31);
        }
    }
}
