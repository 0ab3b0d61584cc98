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
    private const string WordScore = "bm25";
    private const double HalfRoundingError = 1.0 / 2048;

    private static readonly Lock s_openLock = new();
    private static readonly Dictionary<string, SqliteVectorStore> s_open = new(StringComparer.Ordinal);

    private readonly string _folder;
    private readonly OpenIndex _index;
    private int _users;

    private SqliteVectorStore(string folder, StoreOptions options) => (_folder, _index) = (folder, new OpenIndex(folder, options));

    /// <inheritdoc/>
    public VectorStoreCapabilities Capabilities => new()
    {
        Snapshots = true,
        Approximate = _index.Options.Graph is not null || _index.Options.Precision == VectorPrecision.Int8,
        WordScore = _index.HasWords ? WordScore : null,
        RoundingError = _index.Options.Precision == VectorPrecision.Float16 ? HalfRoundingError : 0,
    };

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
            else if (store._index.Options != options)
            {
                throw new FlowKitException(
                    FlowErrorCode.FailedPrecondition,
                    $"The index in '{folder}' is open in this process with other options ({store._index.Options} instead of {options});"
                    + " give each indexer a workspace of its own.");
            }

            store._users++;
            return store;
        }
    }

    /// <inheritdoc/>
    public ValueTask<VectorStoreStatus> GetStatusAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(_index.Read(memory => new VectorStoreStatus(memory?.Count ?? 0, memory?.Stamp, _index.Options.Metric)
        {
            Damaged = [.. memory?.Damaged ?? []],
            Lost = memory?.Lost ?? 0,
        }));

    /// <inheritdoc/>
    public ValueTask UpsertAsync(IReadOnlyList<Document> documents, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(documents);
        cancellationToken.ThrowIfCancellationRequested();
        List<Document> last = [.. documents.Reverse().DistinctBy(document => document.Id).Reverse()];
        if (last.Count > 0)
        {
            _index.Write(last, VectorStamp.Of(last[0]));
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<long> DeleteAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(_index.Delete(memory => [.. ids.Select(memory.Ids.Find).OfType<int>().Distinct()]));
    }

    /// <inheritdoc/>
    public ValueTask<long> DeleteAsync(DocumentCondition filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(_index.Delete(memory => [.. _index.Select(memory, filter)!.Enumerate()]));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Document?>> GetAsync(
        IReadOnlyList<string> ids, FieldSelection fields, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(fields);
        var found = _index.ReadWhole<List<int?>>(memory =>
        {
            var rows = ids.Select(id => memory?.Ids.Find(id)).ToList();
            return (rows, [.. rows.OfType<int>().Distinct()]);
        }, fields.HasEmbedding);
        return ValueTask.FromResult<IReadOnlyList<Document?>>(
            [.. found.Found.Select(row => row is { } at ? DocumentOf(found.Rows[at], fields) : null)]);
    }

    /// <inheritdoc/>
    public ValueTask<long> CountAsync(DocumentCondition? filter, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_index.Read<long>(memory => memory is null ? 0 : _index.Select(memory, filter)?.Count ?? memory.Count));

    /// <inheritdoc/>
    public ValueTask<VectorPage> ScrollAsync(VectorScroll scroll, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scroll);
        var first = ScrollCursor.Read(scroll.Cursor);
        var page = _index.ReadWhole<List<int>>(memory =>
        {
            List<int> rows = memory is null
                ? []
                : [.. (_index.Select(memory, scroll.Filter) ?? memory.Ids.Live).Enumerate(first).Take(scroll.Limit + 1)];
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

        var (stamp, metric) = (VectorStamp.Of(queries[0]), _index.Options.Metric);
        return ValueTask.FromResult(Find(
            queries,
            search,
            memory =>
            {
                _index.ThrowIfRefused(memory, stamp);
                return memory?.Search(queries, search, _index.Select(memory, search.Filter));
            },
            metric.NameOf(),
            (score, query) => metric.ToScore(score, query.Id)));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DocumentArray>> SearchWordsAsync(
        IReadOnlyList<Document> queries, VectorSearch search, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(search);
        cancellationToken.ThrowIfCancellationRequested();
        if (!_index.HasWords)
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"The index in '{_folder}' does not find documents by words: it has no text_fields, or none yet and can only be read.");
        }

        return ValueTask.FromResult(Find(
            queries,
            search,
            memory =>
            {
                if (memory is null)
                {
                    return null;
                }

                var rows = _index.Select(memory, search.Filter);
                return [.. queries.Select(query => _index.FindWords(memory, query.Text ?? "", search, rows))];
            },
            WordScore,
            (score, query) => new NamedScore(score, WordScore, RefId: query.Id)));
    }

    /// <inheritdoc/>
    /// <exception cref="FlowKitException">It cannot be written.</exception>
    public ValueTask SnapshotAsync(string folder, CancellationToken cancellationToken)
    {
        _index.Snapshot(folder);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask RestoreAsync(string folder, CancellationToken cancellationToken)
    {
        _index.Restore(folder);
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
                _index.Dispose();
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

    private IReadOnlyList<DocumentArray> Find(
        IReadOnlyList<Document> queries,
        VectorSearch search,
        Func<IndexMemory?, List<RowHit>[]?> find,
        string scoreName,
        Func<float, Document, NamedScore> toScore)
    {
        var (hits, rows) = _index.ReadWhole<IReadOnlyList<List<RowHit>>>(memory =>
        {
            var found = find(memory) ?? [.. queries.Select(_ => new List<RowHit>())];
            return (found, [.. found.SelectMany(list => list).Select(hit => hit.Row).Distinct()]);
        }, search.Fields.HasEmbedding);
        return [.. hits.Zip(queries, (list, query) => new DocumentArray(list.Select(hit =>
        {
            var match = DocumentOf(rows[hit.Row], search.Fields);
            match.Adjacency = query.Adjacency + 1;
            match.Scores[scoreName] = toScore(hit.Score, query);
            return match;
        })))];
    }
}
