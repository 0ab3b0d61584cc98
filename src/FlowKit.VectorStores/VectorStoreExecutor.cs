using System.Globalization;
using System.Text.Json.Nodes;
using FlowKit.VectorStores.Duplicates;
using FlowKit.VectorStores.Recall;
using FlowKit.VectorStores.Telemetry;

namespace FlowKit.VectorStores;

/// <summary>The endpoints of an indexer over any store. Derive from it, and open the store.</summary>
/// <param name="options">The options that every indexer has.</param>
public abstract class VectorStoreExecutor(VectorStoreOptions options) : Executor
{
    /// <summary>The key of <c>_metadata</c> under which encoders say which model made an embedding.</summary>
    public const string ModelKey = EmbeddingModel.Key;

    private IVectorStore? _store;
    private RecallSampler? _sampler;
    private IndexGauge? _gauge;
    private DuplicateCheck? _duplicates;

    /// <summary>The store, from <see cref="LoadAsync"/> until the executor is disposed.</summary>
    protected IVectorStore Store => _store ?? throw new FlowKitException(FlowErrorCode.Unavailable, "The index is not loaded.");

    /// <inheritdoc/>
    public override async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (options.DuplicateThreshold is { } threshold)
        {
            _duplicates = Context.Shards == 1 ? new DuplicateCheck(threshold, options.OnDuplicate, options.Metric) : throw NoOtherShards(
                "duplicate_threshold compares; leave it out");
        }

        _store = await OpenAsync(cancellationToken);
        _sampler = options.RecallSample > 0 ? new RecallSampler(options.RecallSample, Context.Name, Context.TimeProvider) : null;
        _gauge = _store.Capabilities.Counts ? IndexGauge.Watch(_store, Context) : null;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _sampler, null) is { } sampler)
        {
            await sampler.DisposeAsync();
        }

        _gauge?.Dispose();
        if (Interlocked.Exchange(ref _store, null) is { } store)
        {
            await store.DisposeAsync();
        }

        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public override Task SnapshotAsync(string folder, CancellationToken cancellationToken) =>
        Task.Run(() => Store.SnapshotAsync(folder, cancellationToken).AsTask(), cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="FlowKitException">The snapshot is damaged or not of this executor; the index stays as it was.</exception>
    public override Task RestoreAsync(string folder, CancellationToken cancellationToken) =>
        Task.Run(() => Store.RestoreAsync(folder, cancellationToken).AsTask(), cancellationToken);

    /// <summary>Adds documents, replacing those with the same id.</summary>
    /// <param name="docs">The documents; one that cannot be stored fails alone.</param>
    /// <param name="cancellationToken">Ends it.</param>
    [Requests("/index"), Write]
    public Task IndexAsync(DocumentArray docs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(docs);
        return WriteAsync([.. docs.Where(IndexableDocument.Check).Select(document => (document, document))], cancellationToken);
    }

    /// <summary>
    /// Replaces documents that are there; the others fail. A document without an embedding changes only the fields that it has: its tags
    /// are merged name by name, and a tag that is null is taken away.
    /// </summary>
    /// <param name="docs">The documents.</param>
    /// <param name="cancellationToken">Ends it.</param>
    [Requests("/update"), Write]
    public async Task UpdateAsync(DocumentArray docs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(docs);
        var known = await Store.GetAsync([.. docs.Select(document => document.Id)], FieldSelection.WithEmbedding, cancellationToken);
        var latest = new Dictionary<string, Document>(StringComparer.Ordinal);
        var pairs = new List<(Document, Document)>();
        for (var i = 0; i < docs.Count; i++)
        {
            var document = docs[i];
            if (known[i] is not { } stored)
            {
                document.Fail(FlowErrorCode.NotFound, $"id: '{document.Id}' is not in the index.");
            }
            else if (document.Embedding is null)
            {
                var merged = DocumentMerge.Of(latest.GetValueOrDefault(document.Id, stored), document);
                pairs.Add((document, latest[document.Id] = merged));
            }
            else if (IndexableDocument.Check(document))
            {
                pairs.Add((document, latest[document.Id] = document));
            }
        }

        await WriteAsync(pairs, cancellationToken);
    }

    /// <summary>Removes documents by their ids and by <c>parameters.ids</c>, or by <c>parameters.filter</c>.</summary>
    /// <returns>The number of documents removed.</returns>
    /// <param name="docs">The documents.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="cancellationToken">Ends it.</param>
    [Requests("/delete"), Write]
    public async Task<object> DeleteAsync(DocumentArray docs, DeleteParameters parameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(docs);
        ArgumentNullException.ThrowIfNull(parameters);
        var ids = docs.Select(document => document.Id).Concat(parameters.Ids ?? []).ToHashSet(StringComparer.Ordinal);
        if (ParameterReader.ReadFilter(parameters.Filter) is not { } filter)
        {
            return new { deleted = await Store.DeleteAsync(ids, cancellationToken) };
        }

        return ids.Count == 0
            ? new { deleted = await Store.DeleteAsync(filter, cancellationToken) }
            : throw ParameterReader.Invalid(
                "filter",
                "it stands beside documents or ids; send either these or the filter, or the ids within it as {\"id\": {\"$in\": [...]}}.");
    }

    /// <summary>Gives each document its nearest neighbours as matches, best first, by its embedding, its words or both.</summary>
    /// <param name="docs">The queries; all of one kind are searched in one pass.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="cancellationToken">Ends it.</param>
    [Requests("/search")]
    public async Task SearchAsync(DocumentArray docs, SearchParameters parameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(docs);
        ArgumentNullException.ThrowIfNull(parameters);
        var search = DocumentSearch.Read(parameters, options, Context.Shards);
        foreach (var queries in search.Group(docs))
        {
            await TryAsync(queries, () => search.RunAsync(Store, queries, _sampler, cancellationToken));
        }
    }

    /// <summary>
    /// Returns documents by their ids and by <c>parameters.ids</c>; without any of these a page of those that
    /// <c>parameters.filter</c> holds for, and reports the <c>cursor</c> of the next page: of shards, that whose page it is.
    /// </summary>
    /// <param name="docs">The documents.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="cancellationToken">Ends it.</param>
    [Requests("/get")]
    public async Task<ExecutorAnswer> GetAsync(DocumentArray docs, GetParameters parameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(docs);
        ArgumentNullException.ThrowIfNull(parameters);
        List<string> ids = [.. docs.Select(document => document.Id).Concat(parameters.Ids ?? [])];
        var fields = ParameterReader.ReadFields(parameters.Return, parameters.ReturnEmbeddings);
        if (ids.Count == 0)
        {
            return await ScrollAsync(parameters, fields, cancellationToken);
        }

        if (parameters.Filter is not null || parameters.Cursor is not null)
        {
            throw ParameterReader.Invalid(
                parameters.Filter is null ? "cursor" : "filter", "it stands beside documents or ids; send either these or a filter.");
        }

        var found = await Store.GetAsync(ids, fields, cancellationToken);

        // What is missing in one shard lies in another.
        var documents = Context.Shards > 1 ? found.OfType<Document>() : found.Zip(ids, (document, id) => document ?? Missing(id));
        return new ExecutorAnswer([.. documents], new Dictionary<string, JsonNode?>());
    }

    /// <summary>
    /// Returns the documents that others are nearly the same as, these as their matches, page by page of all documents; reports the
    /// <c>cursor</c> of the next page. A pair comes once, under the lesser of both ids.
    /// </summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="cancellationToken">Ends it.</param>
    [Requests("/duplicates")]
    public async Task<ExecutorAnswer> DuplicatesAsync(DuplicateParameters parameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (Context.Shards > 1)
        {
            throw NoOtherShards("/duplicates compares; send the documents of /get to /search with a score_threshold");
        }

        var page = await DuplicateSearch.Read(parameters, options.Metric).RunAsync(Store, cancellationToken);
        return PageOf(page.Documents, page.Cursor);
    }

    /// <summary>Counts the documents that <c>parameters.filter</c> holds for.</summary>
    /// <returns>Their number.</returns>
    /// <param name="parameters">The parameters.</param>
    /// <param name="cancellationToken">Ends it.</param>
    [Requests("/count")]
    public async Task<object> CountAsync(CountParameters parameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new { count = await Store.CountAsync(ParameterReader.ReadFilter(parameters.Filter), cancellationToken) };
    }

    /// <summary>Reports the number of documents in the index, their dimension, the model that embedded them and what is damaged.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    [Requests("/status")]
    public async Task<object> StatusAsync(CancellationToken cancellationToken)
    {
        var status = await Store.GetStatusAsync(cancellationToken);
        return new
        {
            num_docs = status.Count,
            dimension = status.Stamp?.Dimension,
            model = status.Stamp?.Model,
            metric = status.Metric.NameOf(),
            damaged = status.Damaged,
            lost = status.Lost,
        };
    }

    /// <summary>Opens the store.</summary>
    /// <param name="cancellationToken">Ends the start.</param>
    protected abstract Task<IVectorStore> OpenAsync(CancellationToken cancellationToken);

    private static Document Missing(string id)
    {
        var document = new Document(id);
        document.Fail(FlowErrorCode.NotFound, $"id: '{id}' is not in the index.");
        return document;
    }

    private FlowKitException NoOtherShards(string why) => new(
        FlowErrorCode.FailedPrecondition, $"shards: {Context.Shards}: none of them knows the documents of another, which {why}.");

    private async Task<ExecutorAnswer> ScrollAsync(GetParameters parameters, FieldSelection fields, CancellationToken cancellationToken)
    {
        var cursor = ShardCursor.Read(parameters.Cursor, Context.Shards);
        if (cursor.Shard != Context.ShardId)
        {
            return new ExecutorAnswer([], new Dictionary<string, JsonNode?>());
        }

        var page = await Store.ScrollAsync(
            new VectorScroll
            {
                Limit = ParameterReader.ReadLimit(parameters.Limit, options.ChosenLimit),
                Cursor = cursor.Place,
                Filter = ParameterReader.ReadFilter(parameters.Filter),
                Fields = fields,
            },
            cancellationToken);
        return PageOf(page.Documents, cursor.Next(page.Cursor, Context.Shards));
    }

    private ExecutorAnswer PageOf(IEnumerable<Document> documents, string? cursor)
    {
        var pod = Context.Shards == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"/shard-{Context.ShardId}");
        var name = string.Create(CultureInfo.InvariantCulture, $"{Context.Name}{pod}/rep-{Context.ReplicaId}");
        return new ExecutorAnswer(
            [.. documents], new Dictionary<string, JsonNode?> { [name] = new JsonObject { ["cursor"] = cursor } });
    }

    /// <summary>Writes documents in groups of one kind.</summary>
    /// <param name="documents">Each document of the request with what is written for it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    private async Task WriteAsync(List<(Document Asked, Document Written)> documents, CancellationToken cancellationToken)
    {
        foreach (var group in documents.GroupBy(pair => VectorStamp.Of(pair.Written)).ToList())
        {
            await TryAsync([.. group.Select(pair => pair.Asked)], async () =>
            {
                List<Document> written = _duplicates is null
                    ? [.. group.Select(pair => pair.Written)]
                    : await _duplicates.SortAsync(Store, [.. group], cancellationToken);
                if (written.Count > 0)
                {
                    await Store.UpsertAsync(written, cancellationToken);
                }
            });
        }
    }

    /// <summary>Vectors of another kind fail their documents; a disk that fails, fails the request.</summary>
    private async Task TryAsync(List<Document> documents, Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (FlowKitException exception) when (exception is { Error.Code: FlowErrorCode.FailedPrecondition, InnerException: null })
        {
            foreach (var document in documents)
            {
                document.Fail(exception.Error.Code, exception.Message);
            }

            return;
        }

        if (options.DropEmbedding)
        {
            foreach (var document in documents)
            {
                document.Embedding = null;
            }
        }
    }
}
