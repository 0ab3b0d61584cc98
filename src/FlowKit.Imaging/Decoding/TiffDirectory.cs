using System.Buffers.Binary;

namespace FlowKit.Imaging.Decoding;

/// <summary>
/// The first directory of a TIFF or BigTIFF file: what it tells of the picture, where its strips or tiles lie, and how long they are.
/// </summary>
internal readonly ref struct TiffDirectory
{
    private const ushort Short = 3;
    private const ushort Long = 4;
    private const ushort Long8 = 16;

    private readonly ReadOnlySpan<byte> _file;
    private readonly bool _isLittle;
    private readonly bool _isBig;
    private readonly long _first;
    private readonly long _count;

    /// <param name="file">A file that begins as TIFF does.</param>
    /// <exception cref="ArgumentOutOfRangeException">The file has no whole directory.</exception>
    public TiffDirectory(ReadOnlySpan<byte> file)
    {
        _file = file;
        _isLittle = file[0] == (byte)'I';
        _isBig = Read(2, 2) == 43;
        var place = Read(_isBig ? 8 : 4, Word);
        _count = Read(place, _isBig ? 8 : 2);
        _first = place + (_isBig ? 8 : 2);
    }

    private int Word => _isBig ? 8 : 4;

    private int EntrySize => 4 + (2 * Word);

    /// <summary>Indicates whether a strip or a tile of the picture lies beyond the end of the file.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The directory points elsewhere beyond the end of the file.</exception>
    public bool PointsBeyondEnd()
    {
        var (offsets, counts) = (Find(273, 324), Find(279, 325));
        if (offsets is not { } offset || counts is not { } count || offset.Count != count.Count)
        {
            return false;
        }

        for (var index = 0; index < offset.Count; index++)
        {
            var (start, length) = (ValueOf(offset, index), ValueOf(count, index));
            if (start + Math.Min(length, MaxBytes(offset.Count)) > _file.Length)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Returns the first number of an entry, or what counts where the entry is absent.</summary>
    public long Number(int tag, long absent) => Find(tag) is { } entry ? ValueOf(entry, 0) : absent;

    /// <summary>Returns a copy of the file in which the first number of an entry, which is there, is another.</summary>
    public byte[] With(int tag, ushort value)
    {
        var copy = _file.ToArray();
        var entry = Find(tag)!.Value;
        var bytes = copy.AsSpan((int)entry.Values, entry.Size);
        bytes.Clear();
        if (_isLittle)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes[^2..], value);
        }

        return copy;
    }

    /// <summary>
    /// Returns the bytes that a strip's pixels need at most. Some programs write more as its length, which is no loss: where all pixels
    /// lie in one strip, not compressed, their size tells.
    /// </summary>
    private long MaxBytes(long strips)
    {
        if (strips != 1 || Number(259, 1) != 1 || Find(324) is not null)
        {
            return long.MaxValue;
        }

        var samples = Number(277, 1);
        return (((Number(256, 0) * samples * Number(258, 1)) + 7) / 8) * Number(257, 0);
    }

    private Entry? Find(params ReadOnlySpan<int> tags)
    {
        for (var index = 0L; index < _count; index++)
        {
            var place = _first + (index * EntrySize);
            if (tags.Contains((int)Read(place, 2)))
            {
                return EntryAt(place);
            }
        }

        return null;
    }

    private Entry EntryAt(long place)
    {
        var size = Read(place + 2, 2) switch
        {
            Short => 2,
            Long => 4,
            Long8 => 8,
            var other => throw new ArgumentOutOfRangeException(nameof(place), other, "no whole number"),
        };
        var count = Read(place + 4, Word);
        var values = place + 4 + Word;
        return new Entry(count * size <= Word ? values : Read(values, Word), size, count);
    }

    private long ValueOf(Entry entry, long index) => Read(entry.Values + (index * entry.Size), entry.Size);

    private long Read(long place, int size)
    {
        var bytes = place >= 0 && place <= _file.Length - size
            ? _file.Slice((int)place, size)
            : throw new ArgumentOutOfRangeException(nameof(place), place, "beyond the end of the file");
        var value = size switch
        {
            2 => _isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes),
            4 => _isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes),
            _ => _isLittle ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : BinaryPrimitives.ReadInt64BigEndian(bytes),
        };
        return value is >= 0 and <= long.MaxValue >> 8
            ? value
            : throw new ArgumentOutOfRangeException(nameof(place), value, "no such place");
    }

    private readonly record struct Entry(long Values, int Size, long Count);
}
