using FlowKit.Executors.Scan;
using FlowKit.Executors.Storage;
using FlowKit.VectorStores;

namespace FlowKit.Executors;

/// <summary>
/// An index: vectors in memory for the search, documents and vectors in SQLite for good. Replicas in one process share it;
/// a second process is refused. Safe for many threads: searches run side by side, also beside a write that is on its way to the
/// disk; they see it, vectors and documents at once, when it has arrived.
/// </summary>
internal sealed class SqliteVectorStore : IVectorStore
{
    private static readonly Lock s_openLock = new();
    private static readonly Dictionary<string, SqliteVectorStore> s_open = new(StringComparer.Ordinal);

    private readonly Lock _writing = new();
    private readonly Lock _addingColumns = new();
    private readonly ReaderWriterLockSlim _lock = new();
    private readonly string _folder;
    private readonly StoreOptions _options;
    private IndexFiles _files;
    private IndexMemory? _memory;
    private int _users;

    private SqliteVectorStore(string folder, StoreOptions options)
    {
        (_folder, _options) = (folder, options);
        _files = IndexFiles.Open(folder);
        try
        {
            _memory = IndexMemory.Load(_files.Table, options);
        }
        catch
        {
            _files.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public VectorStoreCapabilities Capabilities => new() { Snapshots = true, Approximate = _options.Graph is not null };

    /// <summary>Opens the index of a folder, or joins those who have it open in this process.</summary>
    /// <exception cref="FlowKitException">Another process has it, it is damaged, or others have it open with other options.</exception>
    public static SqliteVectorStore Acquire(string folder, StoreOptions options)
    {
        var key = Path.GetFullPath(folder);
        lock (s_openLock)
        {
            if (!s_open.TryGetValue(key, out var store))
            {
                s_open[key] = store = new SqliteVectorStore(key, options);
            }
            else if (store._options != options)
            {
                throw new FlowKitException(
                    FlowErrorCode.FailedPrecondition,
                    $"The index in '{folder}' is open in this process with other options ({store._options} instead of {options});"
                    + " give each indexer a workspace of its own.");
            }

            store._users++;
            return store;
        }
    }

    /// <inheritdoc/>
    public ValueTask<VectorStoreStatus> GetStatusAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(Read(() => new VectorStoreStatus(_memory?.Count ?? 0, _memory?.Stamp, _options.Metric)
        {
            Damaged = [.. _memory?.Damaged ?? []],
            Lost = _memory?.Lost ?? 0,
        }));

    /// <inheritdoc/>
    public ValueTask UpsertAsync(IReadOnlyList<Document> documents, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(documents);
        cancellationToken.ThrowIfCancellationRequested();
        List<Document> last = [.. documents.Reverse().DistinctBy(document => document.Id).Reverse()];
        if (last.Count > 0)
        {
            Write(last, VectorStamp.Of(last[0]));
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<long> DeleteAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_writing)
        {
            OpenForWriting();
            return ValueTask.FromResult(Delete([.. ids.Select(id => _memory?.Ids.Find(id)).OfType<int>().Distinct()]));
        }
    }

    /// <inheritdoc/>
    public ValueTask<long> DeleteAsync(DocumentCondition filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_writing)
        {
            OpenForWriting();
            return ValueTask.FromResult(Delete(Read(() => Select(filter) is { } rows ? [.. rows.Enumerate()] : new List<int>())));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Document?>> GetAsync(
        IReadOnlyList<string> ids, FieldSelection fields, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(fields);
        var found = ReadWhole<List<int?>>(() =>
        {
            var rows = ids.Select(id => _memory?.Ids.Find(id)).ToList();
            return (rows, [.. rows.OfType<int>().Distinct()]);
        }, fields.HasEmbedding);
        return ValueTask.FromResult<IReadOnlyList<Document?>>(
            [.. found.Found.Select(row => row is { } at ? DocumentOf(found.Rows[at], fields) : null)]);
    }

    /// <inheritdoc/>
    public ValueTask<long> CountAsync(DocumentCondition? filter, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Read<long>(() => filter is null ? _memory?.Count ?? 0 : Select(filter)?.Count ?? 0));

    /// <inheritdoc/>
    public ValueTask<VectorPage> ScrollAsync(VectorScroll scroll, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scroll);
        var first = ScrollCursor.Read(scroll.Cursor);
        var page = ReadWhole<List<int>>(() =>
        {
            List<int> rows = _memory is null
                ? []
                : [.. (Select(scroll.Filter) ?? _memory.Ids.Live()).Enumerate(first).Take(scroll.Limit + 1)];
            return (rows, [.. rows.Take(scroll.Limit)]);
        }, scroll.Fields.HasEmbedding);
        var cursor = page.Found.Count > scroll.Limit ? ScrollCursor.Write(page.Found[scroll.Limit]) : null;
        return ValueTask.FromResult(new VectorPage(
            [.. page.Found.Take(scroll.Limit).Select(row => DocumentOf(page.Rows[row], scroll.Fields))], cursor));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DocumentArray>> SearchAsync(
        IReadOnlyList<Document> queries, VectorSearch search, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(search);
        cancellationToken.ThrowIfCancellationRequested();
        if (queries.Count == 0)
        {
            return ValueTask.FromResult<IReadOnlyList<DocumentArray>>([]);
        }

        var stamp = VectorStamp.Of(queries[0]);
        var (hits, rows) = ReadWhole<IReadOnlyList<List<RowHit>>>(() =>
        {
            ThrowIfRefused(stamp);
            var found = _memory?.Search(queries, search, Select(search.Filter)) ?? [.. queries.Select(_ => new List<RowHit>())];
            return (found, [.. found.SelectMany(list => list).Select(hit => hit.Row).Distinct()]);
        }, search.Fields.HasEmbedding);
        return ValueTask.FromResult<IReadOnlyList<DocumentArray>>(
            [.. hits.Zip(queries, (list, query) => new DocumentArray(list.Select(hit => MatchOf(rows[hit.Row], hit, query, search.Fields))))]);
    }

    /// <inheritdoc/>
    /// <exception cref="FlowKitException">It cannot be written.</exception>
    public ValueTask SnapshotAsync(string folder, CancellationToken cancellationToken)
    {
        lock (_writing)
        {
            _files.Table.CopyTo(Path.Combine(folder, IndexFiles.DatabaseName));
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask RestoreAsync(string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, IndexFiles.DatabaseName);
        if (!File.Exists(path))
        {
            throw new FlowKitException(FlowErrorCode.NotFound, $"The snapshot '{path}' is not there.");
        }

        lock (_writing)
        {
            IndexMemory? memory;
            using (var snapshot = SqliteTable.Open(path, SqliteAccess.Read))
            {
                memory = IndexMemory.Load(snapshot, _options);
            }

            if (memory is { Damaged.Count: > 0 } or { Lost: > 0 })
            {
                throw new FlowKitException(
                    FlowErrorCode.DataLoss,
                    $"The snapshot '{path}' is damaged: {memory.Damaged.Count} documents ({string.Join(", ", memory.Damaged.Take(10))}),"
                    + $" and {memory.Lost} are missing.");
            }

            OpenForWriting();
            Commit(table => table.ReplaceBy(path));
            Show(() => _memory = IndexMemory.Load(_files.Table, _options));
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (s_openLock)
        {
            if (--_users == 0)
            {
                s_open.Remove(_folder);
                Disposal.All(_files, _lock);
            }
        }

        return ValueTask.CompletedTask;
    }

    private static Document DocumentOf(StoredRow row, FieldSelection fields)
    {
        var document = StoredDocument.Read(row.Document);
        document.Embedding = fields.HasEmbedding ? NdArray.Wrap(row.Vector) : null;
        return fields.Apply(document);
    }

    private Document MatchOf(StoredRow row, RowHit hit, Document query, FieldSelection fields)
    {
        var match = DocumentOf(row, fields);
        match.Adjacency = query.Adjacency + 1;
        match.Scores[_options.Metric.NameOf()] = _options.Metric.ToScore(hit.Score, query.Id);
        return match;
    }

    /// <summary>Adds or replaces rows; they are on the disk when this returns.</summary>
    private void Write(List<Document> documents, VectorStamp stamp)
    {
        lock (_writing)
        {
            OpenForWriting();
            ThrowIfRefused(stamp);
            var isNew = _memory?.Stamp.Dimension != stamp.Dimension;
            var memory = isNew ? new IndexMemory(stamp, _options) : _memory!;
            stamp = memory is { Count: > 0 } && stamp.Model.Length == 0 ? memory.Stamp : stamp;
            var plan = memory.Ids.Plan([.. documents.Select(document => document.Id)]);
            List<IndexRow> rows = [.. documents.Zip(plan, ToRow)];
            var known = plan.Where(memory.Ids.Has).ToList();
            var count = memory.FileRows + rows.Count - known.Count;
            var sum = memory.SumWithout(known);
            rows.ForEach(row => sum = unchecked(sum + row.Checksum.Packed));
            Commit(table => table.Write(rows, new IndexState(stamp, count, sum), isNew));
            Show(() =>
            {
                _memory = memory;
                (memory.Stamp, memory.FileRows, memory.Sum) = (stamp, count, sum);
                rows.ForEach(row => memory.Set(row, memory.Columns.IsEmpty ? null : StoredDocument.Read(row.Document)));
            });
        }
    }

    private IndexRow ToRow(Document document, int row) =>
        new(row, document.Id, StoredDocument.Write(document, _options.StoreContent), document.Embedding!.ToFloats());

    /// <summary>Deletes rows for good.</summary>
    private long Delete(List<int> rows)
    {
        if (rows.Count == 0)
        {
            return 0;
        }

        var memory = _memory!;
        var count = memory.FileRows - rows.Count;
        var sum = memory.SumWithout(rows);
        Commit(table => table.Delete(rows, new IndexState(memory.Stamp, count, sum)));
        Show(() =>
        {
            (memory.FileRows, memory.Sum) = (count, sum);
            rows.ForEach(memory.Remove);
        });
        return rows.Count;
    }

    private void ThrowIfRefused(VectorStamp stamp)
    {
        if (_memory is { Count: > 0 } && _memory.Stamp.Refuse(stamp, _options.AllowUnnamed) is { } reason)
        {
            throw new FlowKitException(FlowErrorCode.FailedPrecondition, $"embedding: {reason}.");
        }
    }

    /// <summary>The rows that a filter holds for, within the caller's lock; <see langword="null"/> without a filter or an index.</summary>
    private RowSet? Select(DocumentCondition? filter)
    {
        if (filter is null || _memory is not { } memory)
        {
            return null;
        }

        lock (_addingColumns)
        {
            if (!memory.Columns.Cover(filter))
            {
                memory.Columns.Add(filter, ReadAll(memory));
            }
        }

        var rows = memory.Columns.Select(filter, memory.Ids.Rows);
        rows.IntersectWith(memory.Ids.Live());
        return rows;
    }

    private IEnumerable<(int Row, Document Document)> ReadAll(IndexMemory memory) =>
        memory.Ids.Live().Enumerate().Chunk(1000)
            .SelectMany(rows => _files.Documents.Read(rows, withVectors: false).Values)
            .Where(row => IsWhole(memory, row, withVector: false))
            .Select(row => ((int)row.Row, StoredDocument.Read(row.Document)));

    /// <summary>
    /// Finds rows and reads them, all of one state. A row that is damaged meanwhile is left out, and what was found is looked for again.
    /// </summary>
    private (TFound Found, Dictionary<int, StoredRow> Rows) ReadWhole<TFound>(Func<(TFound Found, int[] Rows)> find, bool withVectors)
    {
        while (true)
        {
            var (found, rows, damaged, memory) = Read(() =>
            {
                var (found, wanted) = find();

                // Still inside the lock, so that a write cannot come between a score and its document.
                var rows = wanted.Length == 0 ? [] : _files.Documents.Read(wanted, withVectors);
                var damaged = wanted.Where(row => !rows.TryGetValue(row, out var read) || !IsWhole(_memory!, read, withVectors)).ToList();
                return (found, rows, damaged, _memory);
            });
            if (damaged.Count == 0)
            {
                return (found, rows);
            }

            Alone(() => damaged.ForEach(memory!.LeaveOut));
        }
    }

    private static bool IsWhole(IndexMemory memory, StoredRow row, bool withVector)
    {
        var (number, checksum) = ((int)row.Row, memory.ChecksumOf((int)row.Row));
        return row.Checksum is null
            || (checksum.Document == RowChecksum.OfDocument(number, memory.Ids[number], row.Document)
                && row.Id == memory.Ids[number]
                && (!withVector || checksum.Vector == RowChecksum.OfVector(number, row.Vector)));
    }

    /// <summary>Lets searches see what has been committed. Only this short step keeps them waiting, never the disk's.</summary>
    private void Show(Action change)
    {
        Alone(() =>
        {
            try
            {
                change();
            }
            finally
            {
                _files.Documents.Renew();
            }
        });
        if (_files.Table.IsLogFull)
        {
            EmptyLog();
        }
    }

    private void EmptyLog()
    {
        _files.Table.EmptyLog();

        // Renewed once more, the reader needs nothing of the log any longer, and the next write begins it anew.
        Alone(_files.Documents.Renew);
    }

    /// <summary>
    /// Writes to the disk. A disk without room takes the write perhaps in the place of the log: whoever has made room need not start
    /// anything again.
    /// </summary>
    private void Commit(Action<SqliteTable> write)
    {
        try
        {
            write(_files.Table);
        }
        catch (FlowKitException exception) when (exception.Error.Code == FlowErrorCode.ResourceExhausted)
        {
            EmptyLog();
            write(_files.Table);
        }
    }

    /// <summary>Tries an index that could only be read again each time.</summary>
    /// <exception cref="FlowKitException">It cannot be written still; it is searched as before.</exception>
    private void OpenForWriting()
    {
        if (_files.Refusal is null)
        {
            return;
        }

        var readOnly = _files;
        var files = readOnly.OpenForWriting(_folder);
        Alone(() =>
        {
            _files = files;
            readOnly.Dispose();
            _memory = IndexMemory.Load(files.Table, _options);
        });
    }

    private void Alone(Action action)
    {
        _lock.EnterWriteLock();
        try
        {
            action();
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    private T Read<T>(Func<T> read)
    {
        _lock.EnterReadLock();
        try
        {
            return read();
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }
}
