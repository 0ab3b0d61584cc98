using System.Runtime.InteropServices;
using System.Text;
using FlowKit.Executors.Graph;
using FlowKit.Executors.Scan;
using FlowKit.VectorStores;

namespace FlowKit.Executors.Mapped;

/// <summary>
/// The memory of an index as a file that is mapped instead of being read: ids, checksums, vectors and the graph. Every byte of it is
/// checked when it is opened. It is never the truth; where anything is in doubt, the rows of the database are read instead.
/// </summary>
internal sealed class IndexMap : IDisposable
{
    private readonly MappedFile _file;
    private readonly MapHeader _header;

    private IndexMap(MappedFile file, MapHeader header) => (_file, _header) = (file, header);

    /// <summary>The number of rows, those without a document included.</summary>
    public int Rows => _header.Rows;

    /// <summary>The checksums of rows as the table has them.</summary>
    public ReadOnlySpan<long> Checksums => Values<long>(MapSection.Checksums);

    /// <summary>The graph; <see langword="null"/> where the map has none of these parameters.</summary>
    /// <param name="options">The parameters.</param>
    public MappedLinks? GraphOf(GraphOptions options) =>
        _header.M == options.M && _header.EfConstruction == options.EfConstruction ? new MappedLinks(_file, _header) : null;

    /// <summary>Opens a map; <see langword="null"/> where there is none of this kind, or anything of it is not as it was written.</summary>
    /// <param name="path">The file.</param>
    /// <param name="generation">The number that the database knows it by.</param>
    /// <param name="dimension">The number of values of a vector.</param>
    /// <param name="options">The ways in which the store works: a map is of one metric, and of vectors of one precision.</param>
    /// <param name="isWritable">Whether vectors may be written over in memory.</param>
    public static IndexMap? Open(string path, long generation, int dimension, StoreOptions options, bool isWritable)
    {
        if (!BitConverter.IsLittleEndian || new FileInfo(path) is not { Exists: true, Length: >= MapHeader.Size })
        {
            return null;
        }

        MappedFile? file = null;
        try
        {
            file = MappedFile.Open(path, isWritable);
            if (MapHeader.Read(file.Values<byte>(0, MapHeader.Size)) is { } header && header.Generation == generation
                && header.Dimension == dimension && header.Metric == options.Metric
                && header.HasHalves == (options.Precision == VectorPrecision.Float16) && new MapCheck(file, header).IsWhole())
            {
                var map = new IndexMap(file, header);
                file = null;
                return map;
            }

            return null;
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            return null;
        }
        finally
        {
            file?.Dispose();
        }
    }

    /// <summary>The ids of rows; <see langword="null"/> of a row without a document.</summary>
    public string?[] ReadIds()
    {
        var ids = new string?[Rows];
        var starts = new long[Rows];
        long start = 0;
        var lengths = Values<int>(MapSection.IdLengths);
        for (var row = 0; row < Rows; row++)
        {
            starts[row] = start;
            start += Math.Max(0, lengths[row]);
        }

        var offset = _header[MapSection.Ids].Offset;
        Parallel.For(0, _header.Blocks, block =>
        {
            var own = Values<int>(MapSection.IdLengths);
            for (var row = block * VectorMatrix.BlockRows; row < Math.Min(Rows, (block + 1) * VectorMatrix.BlockRows); row++)
            {
                ids[row] = own[row] < 0 ? null : Encoding.UTF8.GetString(_file.Values<byte>(offset + starts[row], own[row]));
            }
        });
        return ids;
    }

    /// <summary>Gives a matrix the vectors, which stay in the file until they are written over.</summary>
    public void Fill(VectorMatrix matrix)
    {
        var norms = Values<float>(MapSection.HalfNorms);
        var scales = Values<float>(MapSection.Scales);
        for (var row = 0; row < Rows; row += VectorMatrix.BlockRows)
        {
            var place = _header[MapSection.Vectors].Offset + ((long)(row / VectorMatrix.BlockRows) * matrix.BlockBytes);
            var count = Math.Min(VectorMatrix.BlockRows, Rows - row);
            matrix.Add(_file, place, norms.IsEmpty ? [] : norms.Slice(row, count), scales.IsEmpty ? [] : scales.Slice(row, count));
        }
    }

    /// <summary>Writes a map, on the disk when this returns.</summary>
    /// <param name="path">The file, which is not there yet.</param>
    /// <param name="header">What it is of.</param>
    /// <param name="ids">The ids of rows.</param>
    /// <param name="checksums">The checksums of rows.</param>
    /// <param name="matrix">The vectors.</param>
    /// <param name="graph">The graph; <see langword="null"/> for none.</param>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static void Write(
        string path, MapHeader header, RowIds ids, ReadOnlySpan<long> checksums, VectorMatrix matrix, HnswGraph? graph)
    {
        using var writer = new MapWriter(path, header);
        var lengths = new int[header.Rows];
        for (var row = 0; row < header.Rows; row++)
        {
            lengths[row] = ids.Has(row) ? Encoding.UTF8.GetByteCount(ids[row]) : -1;
        }

        var (texts, end) = (new byte[lengths.Where(length => length > 0).Sum(length => (long)length)], 0);
        for (var row = 0; row < header.Rows; row++)
        {
            end += ids.Has(row) ? Encoding.UTF8.GetBytes(ids[row], texts.AsSpan(end)) : 0;
        }

        writer.Write(MapSection.IdLengths, MemoryMarshal.AsBytes(lengths.AsSpan()));
        writer.Write(MapSection.Ids, texts);
        writer.Write(MapSection.Checksums, MemoryMarshal.AsBytes(checksums));
        if (header.Metric == VectorMetric.L2)
        {
            writer.Write(MapSection.HalfNorms, MemoryMarshal.AsBytes(matrix.HalfNorms(header.Rows).AsSpan()));
        }

        if (matrix.Halves is { } halves)
        {
            writer.Write(MapSection.Scales, MemoryMarshal.AsBytes(halves.Scales(header.Rows).AsSpan()));
        }

        if (graph is not null)
        {
            var links = graph.Export(header.Rows);
            writer.Write(MapSection.Levels, links.Levels);
            writer.Write(MapSection.LinkStarts, MemoryMarshal.AsBytes(links.Starts.AsSpan()));
            writer.Write(MapSection.Links, MemoryMarshal.AsBytes(links.Links.AsSpan()));
        }

        writer.WriteVectors(matrix);
        writer.Finish();
    }

    public void Dispose() => _file.Dispose();

    private ReadOnlySpan<T> Values<T>(MapSection section)
        where T : unmanaged
    {
        var (offset, length, _) = _header[section];
        return _file.Values<T>(offset, (int)(length / Marshal.SizeOf<T>()));
    }
}
