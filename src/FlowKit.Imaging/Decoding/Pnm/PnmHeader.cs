using System.Buffers.Text;

namespace FlowKit.Imaging.Decoding.Pnm;

/// <summary>The header of a PBM, PGM or PPM file.</summary>
internal readonly ref struct PnmHeader
{
    private const int MaxTokenLength = 10;

    /// <summary>Pixels in a row.</summary>
    public required int Width { get; init; }

    /// <summary>Rows.</summary>
    public required int Height { get; init; }

    /// <summary>The highest value of a sample; 1 where a sample is a bit.</summary>
    public required int Highest { get; init; }

    /// <summary>Indicates samples in text instead of bytes.</summary>
    public required bool IsText { get; init; }

    /// <summary>Samples of a pixel: 1 or 3.</summary>
    public required int Bands { get; init; }

    /// <summary>Indicates samples that are bits, of which 1 is black.</summary>
    public required bool IsBits { get; init; }

    /// <summary>The samples.</summary>
    public required ReadOnlySpan<byte> Data { get; init; }

    /// <summary>The bytes that the samples need at least.</summary>
    public long MinBytes => this switch
    {
        { IsText: true, IsBits: true } => (long)Width * Height,
        { IsText: true } => ((long)Width * Height * Bands * 2) - 1,
        { IsBits: true } => (Width + 7L) / 8 * Height,
        _ => (long)Width * Height * Bands * (Highest > byte.MaxValue ? 2 : 1),
    };

    /// <summary>Reads the header.</summary>
    /// <param name="file">A file that begins as the format does.</param>
    /// <exception cref="EndOfStreamException">It is not whole.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static PnmHeader Read(ReadOnlySpan<byte> file)
    {
        var kind = file[1] - '0';
        var isBits = kind is 1 or 4;
        var reader = new ByteReader(file[2..]);
        var (width, height) = (TakeNumber(ref reader), TakeNumber(ref reader));
        var highest = isBits ? 1 : TakeNumber(ref reader);
        if (width == 0 || height == 0 || highest is 0 or > ushort.MaxValue)
        {
            throw new InvalidDataException();
        }

        return new PnmHeader
        {
            Width = width,
            Height = height,
            Highest = highest,
            IsText = kind <= 3,
            Bands = kind is 3 or 6 ? 3 : 1,
            IsBits = isBits,
            Data = reader.Rest,
        };
    }

    /// <summary>Indicates a byte that stands between numbers.</summary>
    public static bool IsSpace(byte value) => value is (byte)' ' or (>= 9 and <= 13);

    /// <summary>Reads over a comment, whose first byte has been read, up to the end of its line.</summary>
    /// <exception cref="EndOfStreamException">The file ends within it.</exception>
    public static void SkipComment(ref ByteReader reader)
    {
        while (reader.TakeByte() is not ((byte)'\r' or (byte)'\n'))
        {
        }
    }

    /// <summary>Reads a number and the one space behind it: what follows the last number are pixels, whatever they look like.</summary>
    private static int TakeNumber(ref ByteReader reader)
    {
        Span<byte> token = stackalloc byte[MaxTokenLength];
        var length = 0;
        while (true)
        {
            var next = reader.TakeByte();
            if (next == (byte)'#')
            {
                SkipComment(ref reader);
            }
            else if (!IsSpace(next))
            {
                token[length] = length < MaxTokenLength - 1 ? next : throw new InvalidDataException();
                length++;
            }
            else if (length > 0)
            {
                return Utf8Parser.TryParse(token[..length], out int number, out var used) && used == length && number >= 0
                    ? number
                    : throw new InvalidDataException();
            }
        }
    }
}
