using FlowKit.Executors.Mapped;
using FlowKit.Executors.Scan;
using FlowKit.Executors.Storage;
using FlowKit.VectorStores;

namespace FlowKit.Executors;

/// <summary>
/// An index that is open: its files, what of it is in memory, and the locks that let searches run beside a write. One write at a time is
/// on its way to the disk, and searches see it, vectors and documents at once, when it has arrived.
/// </summary>
internal sealed class OpenIndex : IDisposable
{
    private readonly Lock _writing = new();
    private readonly Lock _addingColumns = new();
    private readonly ReaderWriterLockSlim _lock = new();
    private readonly string _folder;
    private readonly StoreOptions _options;
    private readonly MapFolder? _maps;
    private IndexFiles _files;
    private IndexMemory? _memory;
    private bool _isDisposed;

    /// <exception cref="FlowKitException">Another process has it, or it is damaged as a whole.</exception>
    public OpenIndex(string folder, StoreOptions options)
    {
        (_folder, _options) = (folder, options);
        _maps = options.MemmapThreshold is { } threshold ? new MapFolder(folder, threshold) : null;
        _files = IndexFiles.Open(folder, options.TextFieldNames);
        try
        {
            _memory = IndexMemory.Load(_files.Table, options, _maps);
        }
        catch
        {
            _files.Dispose();
            throw;
        }
    }

    /// <summary>The ways in which the store works.</summary>
    public StoreOptions Options => _options;

    /// <summary>Indicates whether documents are found by their words.</summary>
    public bool HasWords => _files.Table.Words is not null;

    /// <summary>Reads what is in memory while nothing of it changes.</summary>
    public T Read<T>(Func<IndexMemory?, T> read)
    {
        _lock.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return read(_memory);
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    /// <summary>
    /// Finds rows and reads them, all of one state. A row that is damaged meanwhile is left out, and what was found is looked for again.
    /// </summary>
    public (TFound Found, Dictionary<int, StoredRow> Rows) ReadWhole<TFound>(
        Func<IndexMemory?, (TFound Found, int[] Rows)> find, bool withVectors)
    {
        while (true)
        {
            var (found, rows, damaged, read) = Read(memory =>
            {
                var (found, wanted) = find(memory);

                // Still inside the lock, so that a write cannot come between a score and its document.
                var rows = wanted.Length == 0 ? [] : _files.Documents.Read(wanted, withVectors);
                var damaged = wanted
                    .Where(row => !rows.TryGetValue(row, out var stored) || !IsWhole(memory!, stored, withVectors)).ToList();
                return (found, rows, damaged, memory);
            });
            if (damaged.Count == 0)
            {
                return (found, rows);
            }

            Alone(() => damaged.ForEach(read!.LeaveOut));
        }
    }

    /// <summary>The rows that a filter holds for, inside a read; <see langword="null"/> without a filter.</summary>
    public RowSet? Select(IndexMemory memory, DocumentCondition? filter)
    {
        if (filter is null)
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
        rows.IntersectWith(memory.Ids.Live);
        return rows;
    }

    /// <summary>The best rows that have words of a text, inside a read; equal scores by their ids.</summary>
    /// <param name="memory">What is in memory.</param>
    /// <param name="text">The text, in which no sign is an operator.</param>
    /// <param name="search">The search.</param>
    /// <param name="rows">The rows that may be found; <see langword="null"/> for all.</param>
    public List<RowHit> FindWords(IndexMemory memory, string text, VectorSearch search, RowSet? rows)
    {
        if (WordTable.QueryOf(text) is not { } query)
        {
            return [];
        }

        var best = new TopHits(search.Offset + search.Limit, search.ScoreThreshold ?? float.NegativeInfinity, memory.Ids);
        _files.Documents.FindWords(query, (row, score) =>
        {
            if (memory.Ids.Has(row) && rows?.Contains(row) != false)
            {
                best.Offer(row, score);
            }
        });
        return best.ToSorted()[Math.Min(search.Offset, best.Count)..];
    }

    /// <exception cref="FlowKitException">Vectors of a kind do not belong into this index.</exception>
    public void ThrowIfRefused(IndexMemory? memory, VectorStamp stamp)
    {
        if (memory is { Count: > 0 } && memory.Stamp.Refuse(stamp, _options.AllowUnnamed) is { } reason)
        {
            throw new FlowKitException(FlowErrorCode.FailedPrecondition, $"embedding: {reason}.");
        }
    }

    /// <summary>Adds or replaces rows; they are on the disk when this returns.</summary>
    public void Write(List<Document> documents, VectorStamp stamp)
    {
        lock (_writing)
        {
            OpenForWriting();
            ThrowIfRefused(_memory, stamp);
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
                Replace(memory);
                (memory.Stamp, memory.FileRows, memory.Sum) = (stamp, count, sum);
                rows.ForEach(row => memory.Set(row, memory.Columns.IsEmpty ? null : StoredDocument.Read(row.Document)));
            });
            SaveMap(isClosing: false);
        }
    }

    /// <summary>Deletes rows for good.</summary>
    /// <returns>The number of documents that were in the index.</returns>
    /// <param name="choose">Chooses the rows.</param>
    public long Delete(Func<IndexMemory, List<int>> choose)
    {
        lock (_writing)
        {
            OpenForWriting();
            var rows = Read(memory => memory is null ? [] : choose(memory));
            return rows.Count == 0 ? 0 : Delete(_memory!, rows);
        }
    }

    /// <summary>Writes everything into another folder.</summary>
    /// <exception cref="FlowKitException">It cannot be written.</exception>
    public void Snapshot(string folder)
    {
        lock (_writing)
        {
            _files.Table.CopyTo(Path.Combine(folder, IndexFiles.DatabaseName));
        }
    }

    /// <summary>Takes everything from a snapshot instead of what is here, on the disk before it is searched.</summary>
    /// <exception cref="FlowKitException">The snapshot is not there or damaged; what is here stays.</exception>
    public void Restore(string folder)
    {
        var path = Path.Combine(folder, IndexFiles.DatabaseName);
        if (!File.Exists(path))
        {
            throw new FlowKitException(FlowErrorCode.NotFound, $"The snapshot '{path}' is not there.");
        }

        lock (_writing)
        {
            Check(path);
            OpenForWriting();
            Commit(table => table.ReplaceBy(path));
            Show(() => Replace(IndexMemory.Load(_files.Table, _options, maps: null)));
        }
    }

    public void Dispose()
    {
        lock (_writing)
        {
            SaveMap(isClosing: true);

            // Nobody may be reading what is mapped when it is not mapped any more.
            Alone(() =>
            {
                _isDisposed = true;
                Replace(null);
            });
            _files.Dispose();
        }

        try
        {
            _lock.Dispose();
        }
        catch (SynchronizationLockException)
        {
            // Who waits for it still is told that the index is closed.
        }
    }

    private void SaveMap(bool isClosing)
    {
        if (_files.Refusal is null && _maps?.IsDue(_memory, _files.Table.Journal, isClosing) == true)
        {
            Read(memory =>
            {
                _maps.Save(memory!, _files.Table.Journal);
                return 0;
            });
        }
    }

    private void Replace(IndexMemory? memory)
    {
        if (!ReferenceEquals(memory, _memory))
        {
            _memory?.Dispose();
            _memory = memory;
        }
    }

    private IndexRow ToRow(Document document, int row) =>
        new(
            row,
            document.Id,
            StoredDocument.Write(document, _options.StoreContent),
            document.Embedding!.ToFloats(),
            _files.Table.Words?.TextOf(document) ?? "");

    private long Delete(IndexMemory memory, List<int> rows)
    {
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

    private void Check(string path)
    {
        using var snapshot = SqliteTable.Open(path, SqliteAccess.Read);
        if (IndexMemory.Load(snapshot, _options with { Graph = null }, maps: null) is { } memory
            && (memory.Damaged.Count > 0 || memory.Lost > 0))
        {
            throw new FlowKitException(
                FlowErrorCode.DataLoss,
                $"The snapshot '{path}' is damaged: {memory.Damaged.Count} documents ({string.Join(", ", memory.Damaged.Take(10))}),"
                + $" and {memory.Lost} are missing.");
        }
    }

    private IEnumerable<(int Row, Document Document)> ReadAll(IndexMemory memory) =>
        memory.Ids.Live.Enumerate().Chunk(1000)
            .SelectMany(rows => _files.Documents.Read(rows, withVectors: false).Values)
            .Where(row => IsWhole(memory, row, withVector: false))
            .Select(row => ((int)row.Row, StoredDocument.Read(row.Document)));

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
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_files.Refusal is null)
        {
            return;
        }

        var readOnly = _files;
        var files = readOnly.OpenForWriting(_folder, _options.TextFieldNames);
        Alone(() =>
        {
            _files = files;
            readOnly.Dispose();
            Replace(IndexMemory.Load(files.Table, _options, _maps));
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
}
