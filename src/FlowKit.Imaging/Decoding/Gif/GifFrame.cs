namespace FlowKit.Imaging.Decoding.Gif;

/// <summary>The first frame of a GIF file, and the canvas that it is drawn on.</summary>
/// <remarks>By the rules of Pillow, which differ from a browser's where the file does not say what lies around the frame.</remarks>
internal readonly ref struct GifFrame
{
    private const byte Extension = (byte)'!';
    private const byte ImageStart = (byte)',';
    private const byte Trailer = (byte)';';
    private const byte GraphicControl = 0xF9;
    private const int HasPalette = 0x80;
    private const int IsInterlaced = 0x40;

    /// <summary>Pixels in a row of the canvas, which grows where the frame is larger than the file's screen.</summary>
    public required int Width { get; init; }

    /// <summary>Rows of the canvas.</summary>
    public required int Height { get; init; }

    /// <summary>The frame's place on the canvas.</summary>
    public required GifArea Area { get; init; }

    /// <summary>Indicates whether the rows come in four passes.</summary>
    public required bool Interlaced { get; init; }

    /// <summary>The index of the pixels around the frame: the transparent one, or 0. The file's background colour does not count.</summary>
    public required byte Around { get; init; }

    /// <summary>Three bytes for each colour; empty where an index is itself a shade of gray.</summary>
    public required ReadOnlySpan<byte> Palette { get; init; }

    /// <summary>The compressed indices: their number of bits and then blocks.</summary>
    public required ReadOnlySpan<byte> Data { get; init; }

    /// <summary>Reads everything before the pixels.</summary>
    /// <param name="file">A file that begins as GIF does.</param>
    /// <exception cref="EndOfStreamException">The file ends before the pixels.</exception>
    /// <exception cref="InvalidDataException">There is no frame, or one without pixels.</exception>
    public static GifFrame Read(ReadOnlySpan<byte> file)
    {
        var reader = new ByteReader(file);
        reader.Take(6);
        var (width, height, flags) = (reader.TakeUInt16(), reader.TakeUInt16(), reader.TakeByte());
        reader.Take(2);
        var palette = Colours(TakePalette(ref reader, flags));

        var transparent = SkipToImage(ref reader);
        var (left, top) = (reader.TakeUInt16(), reader.TakeUInt16());
        var area = new GifArea(left, top, reader.TakeUInt16(), reader.TakeUInt16());
        if (area.Width == 0 || area.Height == 0)
        {
            throw new InvalidDataException();
        }

        var frameFlags = reader.TakeByte();
        var own = Colours(TakePalette(ref reader, frameFlags));
        return new GifFrame
        {
            Width = Math.Max(width, area.Left + area.Width),
            Height = Math.Max(height, area.Top + area.Height),
            Area = area,
            Interlaced = (frameFlags & IsInterlaced) != 0,
            Around = transparent,
            Palette = own.IsEmpty ? palette : own,
            Data = reader.Rest,
        };
    }

    private static ReadOnlySpan<byte> TakePalette(scoped ref ByteReader reader, byte flags) =>
        (flags & HasPalette) != 0 ? reader.Take(3 << ((flags & 7) + 1)) : default;

    /// <summary>Returns a palette, or none where every colour is the gray of its own index.</summary>
    private static ReadOnlySpan<byte> Colours(ReadOnlySpan<byte> palette)
    {
        for (var i = 0; i < palette.Length; i++)
        {
            if (palette[i] != i / 3)
            {
                return palette;
            }
        }

        return default;
    }

    /// <summary>Reads on to behind the mark of the first frame, and returns its transparent index; 0 where there is none.</summary>
    private static byte SkipToImage(scoped ref ByteReader reader)
    {
        byte transparent = 0;
        for (var mark = reader.TakeByte(); mark != ImageStart; mark = reader.TakeByte())
        {
            if (mark == Trailer)
            {
                throw new InvalidDataException();
            }

            // Bytes between the blocks are skipped, as every reader does.
            if (mark == Extension)
            {
                ReadExtension(ref reader, ref transparent);
            }
        }

        return transparent;
    }

    private static void ReadExtension(scoped ref ByteReader reader, ref byte transparent)
    {
        var isControl = reader.TakeByte() == GraphicControl;
        for (var block = reader.Take(reader.TakeByte()); !block.IsEmpty; block = reader.Take(reader.TakeByte()))
        {
            if (isControl && (block[0] & 1) != 0)
            {
                transparent = block.Length > 3 ? block[3] : throw new InvalidDataException();
            }

            isControl = false;
        }
    }
}
