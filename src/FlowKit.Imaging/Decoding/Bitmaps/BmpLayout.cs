using System.Buffers.Binary;

namespace FlowKit.Imaging.Decoding.Bitmaps;

/// <summary>The header of a BMP file.</summary>
/// <param name="HeaderSize">Bytes of the header behind the file's own of 14 bytes.</param>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Bits">Bits of a pixel.</param>
/// <param name="Compression">The kind of compression, by number.</param>
/// <param name="Colours">Colours of the palette.</param>
/// <param name="Offset">The place of the pixels.</param>
internal readonly record struct BmpLayout(int HeaderSize, int Width, int Height, int Bits, int Compression, int Colours, int Offset)
{
    private const int Masks = 3;
    private const int MasksWithAlpha = 6;
    private const int MaxHeaderSize = 124;

    /// <summary>Indicates pixels whose bits are told apart by masks.</summary>
    public bool IsMasked => Compression is Masks or MasksWithAlpha;

    /// <summary>The bytes that the file has at least: all rows, each filled up to four bytes, where there are no run lengths.</summary>
    public long MinBytes => Offset + (Compression is 0 || IsMasked ? (((long)Width * Bits) + 31) / 32 * 4 * Height : 0);

    /// <summary>The name of what is not supported; <see langword="null"/> where all is.</summary>
    public string? Unsupported => this switch
    {
        { Bits: not (1 or 4 or 8 or 16 or 24 or 32) } => $"{Bits}-bit pixels",
        { Compression: 0 or Masks or MasksWithAlpha } => null,
        { Compression: 1, Bits: 8 } or { Compression: 2, Bits: 4 } => null,
        _ => $"{Bits}-bit pixels of compression {Compression}",
    };

    /// <summary>Reads the header.</summary>
    /// <exception cref="EndOfStreamException">It is not whole.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static BmpLayout Read(ReadOnlySpan<byte> file)
    {
        var reader = new ByteReader(file);
        reader.Take(10);
        var offset = TakeInt32(ref reader);
        var size = TakeInt32(ref reader);
        var layout = size == 12 ? TakeOld(ref reader, offset) : TakeNew(ref reader, offset) with { HeaderSize = size };
        return layout is { HeaderSize: >= 12 and <= MaxHeaderSize, Width: > 0, Height: > 0, Offset: >= 0, Colours: >= 0 }
            ? layout
            : throw new InvalidDataException();
    }

    private static BmpLayout TakeOld(ref ByteReader reader, int offset)
    {
        var (width, height) = (reader.TakeUInt16(), reader.TakeUInt16());
        reader.Take(2);
        var bits = reader.TakeUInt16();
        return new BmpLayout(12, width, height, bits, 0, Math.Min(1 << Math.Min(bits, 8), Math.Max(0, offset - 26) / 3), offset);
    }

    private static BmpLayout TakeNew(ref ByteReader reader, int offset)
    {
        var (width, height) = (TakeInt32(ref reader), TakeInt32(ref reader));
        reader.Take(2);
        var bits = reader.TakeUInt16();
        var compression = TakeInt32(ref reader);
        reader.Take(12);
        var colours = TakeInt32(ref reader);

        // A negative height tells that the rows come from the top; the lowest number has no positive one.
        height = height == int.MinValue ? 0 : Math.Abs(height);
        return new BmpLayout(0, width, height, bits, compression, colours == 0 ? 1 << Math.Min(bits, 8) : colours, offset);
    }

    private static int TakeInt32(ref ByteReader reader) => BinaryPrimitives.ReadInt32LittleEndian(reader.Take(4));
}
