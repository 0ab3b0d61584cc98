using Microsoft.Extensions.VectorData;
using Record = System.Collections.Generic.Dictionary<string, object?>;

namespace FlowKit.VectorStores.VectorData;

/// <summary>
/// Documents in a collection of any connector of Microsoft.Extensions.VectorData, so that it stands behind an executor derived from
/// <see cref="VectorStoreExecutor"/>. What is nearest, the connector says; filters become its own, and what it cannot be asked is refused
/// by name.
/// </summary>
/// <remarks>
/// The abstraction has no transactions: a write that fails midway may have written a part. It has no count: <see cref="CountAsync"/> reads
/// the ids of all documents that it counts. Pages are in the order in which documents were first written, if one process writes at a time.
/// </remarks>
public sealed class CollectionVectorStore : IVectorStore
{
    private readonly VectorStore _connector;
    private readonly CollectionOptions _options;
    private readonly RecordSchema _schema;
    private readonly RecordScore _scores;
    private readonly CollectionSearch _search;
    private readonly RowNumbers _rows = new(TimeProvider.System);
    private readonly SemaphoreSlim _writing = new(1, 1);
    private RecordReader? _records;
    private int _dimension;
    private VectorStamp? _stamp;

    private CollectionVectorStore(VectorStore connector, CollectionOptions options)
    {
        (_connector, _options, _schema) = (connector, options, new RecordSchema(options));
        _scores = new RecordScore(options.Metric, options.DistanceFunction);
        _search = new CollectionSearch(options.Metric, _scores);
    }

    /// <inheritdoc/>
    public VectorStoreCapabilities Capabilities { get; } =
        new() { AllFilters = false, Transactions = false, Counts = false };

    /// <summary>Opens a collection, which the first write makes where it is not there.</summary>
    /// <param name="connector">The connector; it is not disposed with the store.</param>
    /// <param name="options">The collection.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FlowKitException">It is there and nobody says of which dimension, or the connector fails.</exception>
    public static async Task<CollectionVectorStore> OpenAsync(
        VectorStore connector, CollectionOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connector);
        ArgumentNullException.ThrowIfNull(options);
        var store = new CollectionVectorStore(connector, options);
        await ConnectorFailure.TellAsync(options.Name, () => store.OpenAsync(cancellationToken));
        return store;
    }

    /// <inheritdoc/>
    public async ValueTask<VectorStoreStatus> GetStatusAsync(CancellationToken cancellationToken) =>
        new(await CountAsync(null, cancellationToken), _stamp, _options.Metric);

    /// <inheritdoc/>
    public async ValueTask UpsertAsync(IReadOnlyList<Document> documents, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(documents);
        List<Document> latest = [.. documents.Reverse().DistinctBy(document => document.Id).Reverse()];
        if (latest.Count == 0)
        {
            return;
        }

        await WriteAsync(() => UpsertLatestAsync(latest, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<long> DeleteAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return _records is not { } records ? 0 : await WriteAsync(
            async () =>
            {
                var kept = await records.ReadAsync(ids, withVectors: false, cancellationToken);
                await records.DeleteAsync(kept.Keys, cancellationToken);
                return kept.Count;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<long> DeleteAsync(DocumentCondition filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return _records is not { } records ? 0 : await WriteAsync(
            async () =>
            {
                var removed = 0L;
                await foreach (var page in records.PagesAsync(filter, cancellationToken))
                {
                    await records.DeleteAsync(page.Select(RecordSchema.IdOf), cancellationToken);
                    removed += page.Count;
                }

                return removed;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Document?>> GetAsync(
        IReadOnlyList<string> ids, FieldSelection fields, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(fields);
        var found = await ReadAsync(records => records.ReadAsync(ids, fields.HasEmbedding, cancellationToken)) ?? [];
        return [.. ids.Select(id => found.TryGetValue(id, out var record) ? RecordSchema.ToDocument(record, fields) : null)];
    }

    /// <inheritdoc/>
    public async ValueTask<long> CountAsync(DocumentCondition? filter, CancellationToken cancellationToken) =>
        await ReadAsync(async records =>
        {
            var count = 0L;
            await foreach (var page in records.PagesAsync(filter, cancellationToken))
            {
                count += page.Count;
            }

            return count;
        });

    /// <inheritdoc/>
    public async ValueTask<VectorPage> ScrollAsync(VectorScroll scroll, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scroll);
        var after = RowNumbers.Read(scroll.Cursor);
        var found = await ReadAsync(records => records.PageAsync(
            scroll.Filter, after, scroll.Limit + 1, scroll.Fields.HasEmbedding, cancellationToken)) ?? [];
        var page = found.Take(scroll.Limit).ToList();
        return new VectorPage(
            [.. page.Select(record => RecordSchema.ToDocument(record, scroll.Fields))],
            found.Count > page.Count ? RowNumbers.Write(RecordSchema.RowOf(page[^1])) : null);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DocumentArray>> SearchAsync(
        IReadOnlyList<Document> queries, VectorSearch search, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(search);
        if (search.Exact || search.Effort is not null)
        {
            throw ParameterReader.Invalid(
                search.Exact ? "exact" : "ef",
                $"the collection '{_options.Name}' cannot be asked that; how its index searches is said where its connector is made.");
        }

        var selection = new RecordFilter(_schema).Read(search.Filter);
        return await ReadAsync(async records =>
        {
            await CheckAsync(records, VectorStamp.Of(queries[0]), cancellationToken);
            return selection is null ? null : await _search.RunAsync(records.Collection, queries, search, selection, cancellationToken);
        }) ?? [.. queries.Select(_ => new DocumentArray())];
    }

    /// <summary>Refuses: the abstraction has no snapshots.</summary>
    /// <param name="folder">Not looked at.</param>
    /// <param name="cancellationToken">Not looked at.</param>
    /// <exception cref="FlowKitException">Always.</exception>
    public ValueTask SnapshotAsync(string folder, CancellationToken cancellationToken) => throw NoSnapshots();

    /// <summary>Refuses: the abstraction has no snapshots.</summary>
    /// <param name="folder">Not looked at.</param>
    /// <param name="cancellationToken">Not looked at.</param>
    /// <exception cref="FlowKitException">Always.</exception>
    public ValueTask RestoreAsync(string folder, CancellationToken cancellationToken) => throw NoSnapshots();

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _records?.Collection.Dispose();
        _writing.Dispose();
        return ValueTask.CompletedTask;
    }

    private FlowKitException NoSnapshots() => new(
        FlowErrorCode.FailedPrecondition,
        $"The collection '{_options.Name}' has no snapshots: Microsoft.Extensions.VectorData knows none; use those of its database.");

    private async Task<bool> OpenAsync(CancellationToken cancellationToken)
    {
        if (!await _connector.CollectionExistsAsync(_options.Name, cancellationToken))
        {
            return false;
        }

        var records = await MakeAsync(
            _options.Dimension ?? throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"Dimension: there is none, and the collection '{_options.Name}' is there already;"
                + " write how many values its vectors have."),
            cancellationToken);
        if (await records.LastAsync(cancellationToken) is { } last)
        {
            _stamp = RecordSchema.StampOf(last);
            _rows.Pass(RecordSchema.RowOf(last));
        }

        return true;
    }

    private async Task<RecordReader> MakeAsync(int dimension, CancellationToken cancellationToken)
    {
        var definition = _schema.Define(dimension, _scores.Function);
        var collection = _connector.GetDynamicCollection(_options.Name, definition);
        await collection.EnsureCollectionExistsAsync(cancellationToken);
        _dimension = dimension;
        return _records = new RecordReader(collection, _schema);
    }

    private async Task<bool> UpsertLatestAsync(List<Document> documents, CancellationToken cancellationToken)
    {
        var stamp = VectorStamp.Of(documents[0]);
        var records = _records ?? await MakeAsync(_options.Dimension ?? stamp.Dimension, cancellationToken);
        var kept = await CheckAsync(records, stamp, cancellationToken);
        var known = await records.ReadAsync(documents.Select(document => document.Id), withVectors: false, cancellationToken);

        // What is written again keeps its place, so that pages show it once.
        List<Record> written = [.. documents.Select(document => _schema.ToRecord(
            document, known.TryGetValue(document.Id, out var record) ? RecordSchema.RowOf(record) : _rows.Next()))];
        await records.Collection.UpsertAsync(written, cancellationToken);
        _stamp = kept;
        return true;
    }

    /// <summary>Refuses vectors of another kind, and returns the kind of the collection with them in it.</summary>
    private async Task<VectorStamp> CheckAsync(RecordReader records, VectorStamp stamp, CancellationToken cancellationToken)
    {
        var kept = _stamp ?? stamp with { Dimension = _dimension };
        if (kept.Refuse(stamp, _options.AllowUnnamed) is not { } reason)
        {
            return kept;
        }

        return stamp.Dimension != _dimension || await records.LastAsync(cancellationToken) is not null
            ? throw new FlowKitException(FlowErrorCode.FailedPrecondition, $"embedding: {reason}.")
            : stamp;
    }

    /// <summary>Before the first write there is no collection, and nothing in it.</summary>
    private async Task<T?> ReadAsync<T>(Func<RecordReader, Task<T>> action) =>
        _records is { } records ? await ConnectorFailure.TellAsync(_options.Name, () => action(records)) : default;

    private async Task<T> WriteAsync<T>(Func<Task<T>> action, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            return await ConnectorFailure.TellAsync(_options.Name, action);
        }
        finally
        {
            _writing.Release();
        }
    }
}
