using System.Runtime.InteropServices;
using FlowKit.Executors.Graph;
using FlowKit.Executors.Mapped;
using FlowKit.Executors.Scan;
using FlowKit.Executors.Storage;
using FlowKit.VectorStores;

namespace FlowKit.Executors;

/// <summary>
/// The part of the index that is in memory: ids, vectors, checksums, and columns for filters. Safe for many readers, or one writer.
/// </summary>
internal sealed class IndexMemory : IDisposable
{
    private readonly RowIds _ids = new();
    private readonly VectorMatrix _matrix;
    private readonly HnswSearch? _graph;
    private readonly IndexMap? _map;
    private readonly DocumentColumns _columns = new();
    private readonly List<long> _checksums = [];
    private readonly List<string> _damaged = [];

    /// <summary>Makes the memory of an empty index.</summary>
    /// <param name="stamp">The kind of the vectors.</param>
    /// <param name="options">The ways in which the store works.</param>
    public IndexMemory(VectorStamp stamp, StoreOptions options)
        : this(stamp, options, map: null)
    {
    }

    private IndexMemory(VectorStamp stamp, StoreOptions options, IndexMap? map)
    {
        (Stamp, _map) = (stamp, map);
        _matrix = new VectorMatrix(stamp.Dimension, options.Metric, options.Precision);
        _graph = options.Graph is { } graph ? new HnswSearch(_matrix, _ids, graph, map?.GraphOf(graph)) : null;
        if (map is not null)
        {
            map.Fill(_matrix);
            _ids.SetAll(map.ReadIds());
            CollectionsMarshal.SetCount(_checksums, map.Rows);
            map.Checksums.CopyTo(CollectionsMarshal.AsSpan(_checksums));
        }
    }

    /// <summary>The kind of the vectors.</summary>
    public VectorStamp Stamp { get; set; }

    /// <summary>The number of documents.</summary>
    public int Count => _ids.Count;

    /// <summary>The sum of the checksums of all rows that should be in the file.</summary>
    public long Sum { get; set; }

    /// <summary>The number of rows that should be in the file, the damaged and the lost ones included.</summary>
    public long FileRows { get; set; }

    /// <summary>The number of rows that should be in the file and are not.</summary>
    public long Lost { get; private set; }

    /// <summary>The documents that are left out.</summary>
    public IReadOnlyList<string> Damaged => _damaged;

    /// <summary>The ids of rows.</summary>
    public RowIds Ids => _ids;

    /// <summary>Indicates whether there is a graph.</summary>
    public bool HasGraph => _graph is not null;

    /// <summary>The columns for filters.</summary>
    public DocumentColumns Columns => _columns;

    /// <summary>Takes everything that a file has.</summary>
    /// <param name="table">The file.</param>
    /// <param name="options">The ways in which the store works.</param>
    /// <param name="maps">The maps of the index; <see langword="null"/> to read all rows.</param>
    /// <returns>The memory; <see langword="null"/> for an index that never had anything.</returns>
    public static IndexMemory? Load(SqliteTable table, StoreOptions options, MapFolder? maps)
    {
        var state = table.ReadState();
        if (state.Stamp is null)
        {
            return null;
        }

        if (maps?.Open(table, state.Stamp, options) is { } map && FromMap(map, table, state, options) is { } mapped)
        {
            return mapped;
        }

        if (maps is not null && table.Access == SqliteAccess.ReadWrite && table.Journal.Generation is not null)
        {
            table.Journal.Forget();
        }

        var memory = new IndexMemory(state.Stamp, options);
        foreach (var row in table.ReadRows())
        {
            memory.Take(row);
        }

        memory._graph?.Build();

        // Of a file of the first format nothing is known.
        var (rows, sum) = state.Rows < 0 ? (memory.FileRows, memory.Sum) : (state.Rows, state.Sum);
        var lost = Math.Max(0, rows - memory.FileRows);
        if (lost == 0 && memory._damaged.Count == 0 && sum != memory.Sum)
        {
            memory._damaged.Add("a document of an earlier write is in the place of a later one");
        }

        memory.Lost = lost;
        (memory.FileRows, memory.Sum) = (rows, sum);
        return memory;
    }

    /// <summary>The checksum of a row.</summary>
    public RowChecksum ChecksumOf(int row) => RowChecksum.Unpack(_checksums[row]);

    /// <summary>The sum of all rows' checksums but those of some rows; it wraps around.</summary>
    public long SumWithout(IEnumerable<int> rows) => rows.Aggregate(Sum, (sum, row) => unchecked(sum - _checksums[row]));

    /// <summary>Puts a row that is in the file into memory.</summary>
    /// <param name="row">The row.</param>
    /// <param name="document">The document as it is stored, for the columns.</param>
    public void Set(IndexRow row, Document? document)
    {
        Put(row);
        _graph?.Replace(row.Row);
        if (document is not null)
        {
            _columns.Set(row.Row, document);
        }
    }

    /// <summary>Takes a row out of memory.</summary>
    public void Remove(int row)
    {
        _ids.Remove(row);
        _graph?.Remove(row);
    }

    /// <summary>Leaves out a row that is damaged in the file; its number is not given to another.</summary>
    public void LeaveOut(int row)
    {
        if (_ids.Has(row))
        {
            _damaged.Add(_ids[row]);
            _ids.Remove(row, isFree: false);
            _graph?.Remove(row);
        }
    }

    /// <summary>The nearest rows of each query, best first, with the scores that users see.</summary>
    /// <param name="queries">The queries.</param>
    /// <param name="search">The search.</param>
    /// <param name="rows">The rows that may be found; <see langword="null"/> for all.</param>
    public List<RowHit>[] Search(IReadOnlyList<Document> queries, VectorSearch search, RowSet? rows)
    {
        var prepared = new float[queries.Count * _matrix.Length];
        for (var i = 0; i < queries.Count; i++)
        {
            _matrix.Write(queries[i].Embedding!.ToFloats(), QueryOf(prepared, i));
        }

        var request = new ScanRequest(prepared, search.Offset + search.Limit, search.ScoreThreshold, rows, search.Exact);
        var found = search.Exact || _graph is null ? null : _graph.TrySearch(request, search.Effort);
        found ??= new ExactScan(_matrix, _ids).Search(request);
        return [.. found.Select((hits, i) => Show(hits, QueryOf(prepared, i), search.Offset))];
    }

    /// <summary>Writes a map of it.</summary>
    /// <param name="path">The file, which is not there yet.</param>
    /// <param name="generation">The number that the database will know it by.</param>
    public void Write(string path, long generation)
    {
        var header = new MapHeader
        {
            Generation = generation,
            Rows = _ids.Rows,
            Dimension = _matrix.Dimension,
            Metric = _matrix.Metric,
            HasHalves = _matrix.Halves is not null,
            M = _graph?.Options.M ?? 0,
            EfConstruction = _graph?.Options.EfConstruction ?? 0,
            Entry = _graph?.Graph.Entry ?? -1,
        };
        IndexMap.Write(path, header, _ids, CollectionsMarshal.AsSpan(_checksums)[.._ids.Rows], _matrix, _graph?.Graph);
    }

    public void Dispose() => _map?.Dispose();

    private Span<float> QueryOf(float[] queries, int at) => queries.AsSpan(at * _matrix.Length, _matrix.Length);

    /// <summary>The scores that order a scan are not to the last bit those that users see.</summary>
    private List<RowHit> Show(List<RowHit> hits, ReadOnlySpan<float> query, int offset)
    {
        var shown = new List<RowHit>(hits.Count);
        foreach (var hit in hits)
        {
            shown.Add(hit with { Score = _matrix.ToShown(hit, query) });
        }

        if (_matrix.Metric == VectorMetric.L2)
        {
            shown.Sort((left, right) => left.Score.CompareTo(right.Score) is not 0 and var byScore
                ? byScore
                : string.CompareOrdinal(_ids[left.Row], _ids[right.Row]));
        }

        return offset == 0 ? shown : shown[Math.Min(offset, shown.Count)..];
    }

    /// <summary>
    /// The memory as a map and the rows written since make it; <see langword="null"/>, and the map closed, where these are not together
    /// what the database says that there is.
    /// </summary>
    private static IndexMemory? FromMap(IndexMap map, SqliteTable table, IndexState state, StoreOptions options)
    {
        var memory = new IndexMemory(state.Stamp!, options, map);
        try
        {
            if (memory.TakeChanges(table.Journal) && memory.Count == state.Rows
                && memory._ids.Live.Enumerate().Aggregate(0L, (sum, row) => unchecked(sum + memory._checksums[row])) == state.Sum)
            {
                (memory.FileRows, memory.Sum) = (state.Rows, state.Sum);
                if (options.Graph is { } graph && map.GraphOf(graph) is null)
                {
                    memory._graph!.Build();
                }

                return memory;
            }
        }
        catch
        {
            memory.Dispose();
            throw;
        }

        memory.Dispose();
        return null;
    }

    /// <summary>A row may have got the document of another: all are taken out before any is put in.</summary>
    private bool TakeChanges(MapJournal journal)
    {
        if (journal.Changes == 0)
        {
            return true;
        }

        foreach (var row in journal.ReadRows().Where(_ids.Has))
        {
            Remove(row);
        }

        var taken = new List<int>();
        foreach (var row in journal.ReadChanged())
        {
            if (!row.IsWhole || row.Vector.Length != Stamp.Dimension || _ids.Find(row.Id) is not null)
            {
                return false;
            }

            Put(new IndexRow((int)row.Row, row.Id, row.Document, row.Vector));
            taken.Add((int)row.Row);
        }

        _graph?.AddAll(taken);
        return true;
    }

    private void Put(IndexRow row)
    {
        SetChecksum(row.Row, row.Checksum.Packed);
        _ids.Set(row.Row, row.Id);
        _matrix.Set(row.Row, row.Vector);
    }

    private void SetChecksum(int row, long checksum)
    {
        while (_checksums.Count <= row)
        {
            _checksums.Add(0);
        }

        _checksums[row] = checksum;
    }

    private void Take(StoredRow row)
    {
        FileRows++;
        Sum = unchecked(Sum + (row.Checksum?.Packed ?? 0));
        if (row.IsWhole && row.Vector.Length == Stamp.Dimension && _ids.Find(row.Id) is null)
        {
            Put(new IndexRow((int)row.Row, row.Id, row.Document, row.Vector));
            return;
        }

        _damaged.Add(row.Name);

        // A row whose number itself is damaged may have any.
        if (row.Row >= 0 && row.Row < (4 * FileRows) + VectorMatrix.BlockRows)
        {
            _ids.Block((int)row.Row);
        }
    }
}
