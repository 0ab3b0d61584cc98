namespace FlowKit.Executors;

/// <summary>
/// An index: vectors in memory for the search, documents and vectors in SQLite for good. Replicas in one process share it;
/// a second process is refused. Safe for many threads: searches run side by side, also beside a write that is on its way to the
/// disk; they see it, vectors and documents at once, when it has arrived.
/// </summary>
internal sealed class VectorStore : IDisposable
{
    private static readonly Lock s_openLock = new();
    private static readonly Dictionary<string, VectorStore> s_open = new(StringComparer.Ordinal);

    private readonly Lock _writing = new();
    private readonly ReaderWriterLockSlim _lock = new();
    private readonly string _folder;
    private IndexFiles _files;
    private VectorMatrix? _matrix;
    private IndexStamp? _stamp;
    private int _users;

    private VectorStore(string folder)
    {
        _folder = folder;
        _files = IndexFiles.Open(folder);
        try
        {
            Load();
        }
        catch
        {
            _files.Dispose();
            throw;
        }
    }

    public int Count => Read(() => _matrix?.Count ?? 0);

    public IndexStamp? Stamp => Read(() => _stamp);

    /// <summary>Opens the index of a folder, or joins those who have it open in this process.</summary>
    /// <exception cref="FlowKitException">Another process has it, or it is damaged.</exception>
    public static VectorStore Acquire(string folder)
    {
        var key = Path.GetFullPath(folder);
        lock (s_openLock)
        {
            if (!s_open.TryGetValue(key, out var store))
            {
                s_open[key] = store = new VectorStore(key);
            }

            store._users++;
            return store;
        }
    }

    public bool Contains(string id) => Read(() => _matrix?.Contains(id) ?? false);

    /// <summary>Adds or replaces rows; they are on the disk when this returns.</summary>
    /// <exception cref="FlowKitException">The rows are of another kind than the index, or cannot be written; none of them is.</exception>
    public void Write(IReadOnlyList<IndexedVector> rows, IndexStamp stamp, bool takesUnnamed)
    {
        lock (_writing)
        {
            ThrowIfRefused(stamp, takesUnnamed);
            stamp = _matrix is { Count: > 0 } && stamp.Model.Length == 0 ? _stamp! : stamp;
            Commit(table => table.Write(rows, stamp));
            Show(() =>
            {
                _stamp = stamp;
                _matrix = _matrix?.Dimension == stamp.Dimension ? _matrix : new VectorMatrix(stamp.Dimension);
                foreach (var row in rows)
                {
                    _matrix.Set(row.Id, row.Vector);
                }
            });
        }
    }

    /// <summary>Deletes rows for good.</summary>
    /// <returns>The number of documents that were in the index.</returns>
    public int Delete(IReadOnlyCollection<string> ids)
    {
        lock (_writing)
        {
            var there = ids.Where(id => _matrix?.Contains(id) ?? false).ToHashSet(StringComparer.Ordinal);
            Commit(table => table.Delete(there));
            Show(() =>
            {
                foreach (var id in there)
                {
                    _matrix!.Remove(id);
                }
            });
            return there.Count;
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
            IndexStamp? stamp;
            VectorMatrix? matrix;
            using (var snapshot = SqliteTable.Open(path, SqliteAccess.Read))
            {
                stamp = snapshot.ReadStamp();
                matrix = Read(snapshot, stamp, folder);
            }

            Commit(table => table.ReplaceBy(path));
            Show(() => (_stamp, _matrix) = (stamp, matrix));
        }
    }

    /// <summary>The nearest documents, best first.</summary>
    /// <exception cref="FlowKitException">The query is of another kind than the index.</exception>
    public IReadOnlyList<IndexHit> Search(
        float[] query, IndexStamp stamp, bool takesUnnamed, int limit, bool withVectors) => Read(() =>
    {
        ThrowIfRefused(stamp, takesUnnamed);
        var nearest = _matrix?.Search(query, limit) ?? [];

        // Still inside the lock, so that a write cannot come between a score and its document; one connection serves one thread.
        var documents = _files.Documents;
        lock (documents)
        {
            return documents.Read(nearest, withVectors);
        }
    });

    public void Dispose()
    {
        lock (s_openLock)
        {
            if (--_users > 0)
            {
                return;
            }

            s_open.Remove(_folder);
            Disposal.All(_files, _lock);
        }
    }

    private void ThrowIfRefused(IndexStamp stamp, bool takesUnnamed)
    {
        if (_matrix is { Count: > 0 } && _stamp?.Refuse(stamp, takesUnnamed) is { } reason)
        {
            throw new FlowKitException(FlowErrorCode.FailedPrecondition, $"embedding: {reason}.");
        }
    }

    private void Load()
    {
        _stamp = _files.Table.ReadStamp();
        _matrix = Read(_files.Table, _stamp, _folder);
    }

    private static VectorMatrix? Read(SqliteTable table, IndexStamp? stamp, string folder)
    {
        if (stamp is null)
        {
            return null;
        }

        var matrix = new VectorMatrix(stamp.Dimension);
        foreach (var (id, vector) in table.ReadVectors())
        {
            if (vector.Length != stamp.Dimension)
            {
                throw new FlowKitException(
                    FlowErrorCode.DataLoss,
                    $"The index in '{folder}' is damaged:"
                    + $" the vector of '{id}' has {vector.Length} dimensions instead of {stamp.Dimension}.");
            }

            matrix.Set(id, vector);
        }

        return matrix;
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
    /// Writes to the disk. A disk without room takes the write perhaps in the place of the log, and an index that could only be read is
    /// tried again each time: whoever has made room need not start anything again.
    /// </summary>
    private void Commit(Action<SqliteTable> write)
    {
        if (_files.Refusal is not null)
        {
            OpenForWriting();
        }

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

    /// <exception cref="FlowKitException">It cannot be written still; it is searched as before.</exception>
    private void OpenForWriting()
    {
        var readOnly = _files;
        var files = readOnly.OpenForWriting(_folder);
        Alone(() =>
        {
            _files = files;
            readOnly.Dispose();
            Load();
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
