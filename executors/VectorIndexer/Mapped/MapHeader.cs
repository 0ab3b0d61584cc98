using System.Buffers.Binary;
using FlowKit.Executors.Scan;
using FlowKit.Executors.Storage;
using FlowKit.VectorStores;

namespace FlowKit.Executors.Mapped;

/// <summary>The first page of an index's map: what is where, and of which kind.</summary>
internal sealed record MapHeader
{
    /// <summary>The number of bytes of the header; every section begins at a multiple of it.</summary>
    public const int Size = 4096;

    private const ulong Magic = 0x3130_50414D_584946; // "FIXMAP01" read from its end
    private const int SectionBytes = 24;
    private const int FirstSection = 64;

    private readonly (long Offset, long Length, uint Checksum)[] _sections = new (long, long, uint)[Enum.GetValues<MapSection>().Length];

    /// <summary>The number that the database knows the map by.</summary>
    public required long Generation { get; init; }

    /// <summary>The number of rows, those without a document included.</summary>
    public required int Rows { get; init; }

    /// <summary>The number of blocks that the rows fill.</summary>
    public int Blocks => (Rows + VectorMatrix.BlockRows - 1) / VectorMatrix.BlockRows;

    /// <summary>The number of values of a vector.</summary>
    public required int Dimension { get; init; }

    /// <summary>The measure of nearness, which decides how vectors are kept.</summary>
    public required VectorMetric Metric { get; init; }

    /// <summary>Indicates whether the vectors are of 16 bits.</summary>
    public required bool HasHalves { get; init; }

    /// <summary>The name of the vectors' precision.</summary>
    public string Precision => HasHalves ? "float16" : "float32";

    /// <summary>The number of bytes of a value of a vector.</summary>
    public int ValueBytes => HasHalves ? sizeof(ushort) : sizeof(float);

    /// <summary>The number of neighbours in the graph; 0 where there is none.</summary>
    public int M { get; init; }

    /// <summary>The number of candidates while the graph was made.</summary>
    public int EfConstruction { get; init; }

    /// <summary>The node at which walks through the graph begin.</summary>
    public int Entry { get; init; }

    /// <summary>The place, length in bytes and CRC32C of a section.</summary>
    public (long Offset, long Length, uint Checksum) this[MapSection section]
    {
        get => _sections[(int)section];
        set => _sections[(int)section] = value;
    }

    /// <summary>Reads a header; <see langword="null"/> where it is none, or damaged.</summary>
    public static MapHeader? Read(ReadOnlySpan<byte> page)
    {
        if (page.Length < Size || BinaryPrimitives.ReadUInt64LittleEndian(page) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(page[^4..]) != RowChecksum.OfBytes(page[..^4]))
        {
            return null;
        }

        var header = new MapHeader
        {
            Generation = BinaryPrimitives.ReadInt64LittleEndian(page[8..]),
            Rows = BinaryPrimitives.ReadInt32LittleEndian(page[16..]),
            Dimension = BinaryPrimitives.ReadInt32LittleEndian(page[20..]),
            Metric = (VectorMetric)BinaryPrimitives.ReadInt32LittleEndian(page[24..]),
            M = BinaryPrimitives.ReadInt32LittleEndian(page[28..]),
            EfConstruction = BinaryPrimitives.ReadInt32LittleEndian(page[32..]),
            Entry = BinaryPrimitives.ReadInt32LittleEndian(page[36..]),
            HasHalves = BinaryPrimitives.ReadInt32LittleEndian(page[40..]) != 0,
        };
        for (var i = 0; i < header._sections.Length; i++)
        {
            var at = page[(FirstSection + (i * SectionBytes))..];
            header._sections[i] = (
                BinaryPrimitives.ReadInt64LittleEndian(at),
                BinaryPrimitives.ReadInt64LittleEndian(at[8..]),
                BinaryPrimitives.ReadUInt32LittleEndian(at[16..]));
        }

        return header;
    }

    /// <summary>The header as a page.</summary>
    public byte[] Write()
    {
        var page = new byte[Size];
        BinaryPrimitives.WriteUInt64LittleEndian(page, Magic);
        BinaryPrimitives.WriteInt64LittleEndian(page.AsSpan(8), Generation);
        BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(16), Rows);
        BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(20), Dimension);
        BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(24), (int)Metric);
        BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(28), M);
        BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(32), EfConstruction);
        BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(36), Entry);
        BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(40), HasHalves ? 1 : 0);
        for (var i = 0; i < _sections.Length; i++)
        {
            var at = page.AsSpan(FirstSection + (i * SectionBytes));
            BinaryPrimitives.WriteInt64LittleEndian(at, _sections[i].Offset);
            BinaryPrimitives.WriteInt64LittleEndian(at[8..], _sections[i].Length);
            BinaryPrimitives.WriteUInt32LittleEndian(at[16..], _sections[i].Checksum);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(Size - 4), RowChecksum.OfBytes(page.AsSpan(0, Size - 4)));
        return page;
    }
}
