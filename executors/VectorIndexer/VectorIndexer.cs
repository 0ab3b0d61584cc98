namespace FlowKit.Executors;

/// <summary>
/// Keeps documents by their embedding and finds the nearest by cosine, exactly. What <c>/index</c>, <c>/update</c> and <c>/delete</c>
/// have acknowledged survives a kill of the process.
/// </summary>
/// <param name="options">The options, as <c>uses_with</c> sets them.</param>
[Executor("VectorIndexer", Description = "Exact nearest-neighbour search over durable documents (SQLite).")]
public sealed class VectorIndexer(VectorIndexerOptions options) : Executor
{
    /// <summary>The key of <c>_metadata</c> under which encoders say which model made an embedding.</summary>
    public const string ModelKey = EmbeddingModel.Key;

    private VectorStore? _store;

    private VectorStore Store => _store ?? throw new FlowKitException(FlowErrorCode.Unavailable, "The index is not loaded.");

    /// <inheritdoc/>
    public override async Task LoadAsync(CancellationToken cancellationToken) =>
        _store = await Task.Run(() => VectorStore.Acquire(Context.Workspace), cancellationToken);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        Interlocked.Exchange(ref _store, null)?.Dispose();
        return base.DisposeAsync();
    }

    /// <inheritdoc/>
    public override Task SnapshotAsync(string folder, CancellationToken cancellationToken) =>
        Task.Run(() => Store.Snapshot(folder), cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="FlowKitException">The snapshot is damaged or not of this executor; the index stays as it was.</exception>
    public override Task RestoreAsync(string folder, CancellationToken cancellationToken) =>
        Task.Run(() => Store.Restore(folder), cancellationToken);

    /// <summary>Adds documents, replacing those with the same id.</summary>
    [Requests("/index"), Write]
    public void Index(DocumentArray docs) => Write(docs.Where(IndexableDocument.Check));

    /// <summary>Replaces documents that are there; the others fail.</summary>
    [Requests("/update"), Write]
    public void Update(DocumentArray docs) => Write(docs.Where(document => IsKnown(document) && IndexableDocument.Check(document)));

    /// <summary>Removes documents by their ids, and by <c>parameters.ids</c>.</summary>
    /// <returns>The number of documents removed.</returns>
    [Requests("/delete"), Write]
    public object Delete(DocumentArray docs, SearchParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new
        {
            deleted = Store.Delete(docs.Select(document => document.Id).Concat(parameters.Ids ?? []).ToHashSet(StringComparer.Ordinal)),
        };
    }

    /// <summary>Gives each document its nearest neighbours as matches, best first.</summary>
    [Requests("/search")]
    public void Search(DocumentArray docs, SearchParameters parameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(docs);
        ArgumentNullException.ThrowIfNull(parameters);
        var limit = ReadLimit(parameters);
        foreach (var document in docs.Where(IndexableDocument.CheckEmbedding))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Try([document], () => document.Matches = Find(document, limit, parameters.ReturnEmbeddings));
        }
    }

    /// <summary>Reports the number of documents in the index, their dimension and the model that embedded them.</summary>
    [Requests("/status")]
    public object Status() =>
        new { num_docs = Store.Count, dimension = Store.Stamp?.Dimension, model = Store.Stamp?.Model, metric = "cosine" };

    private void Write(IEnumerable<Document> documents)
    {
        foreach (var group in documents.GroupBy(IndexStamp.Of).ToList())
        {
            Try([.. group], () => Store.Write([.. group.Select(ToRow)], group.Key, options.AllowUnnamed));
        }
    }

    private IndexedVector ToRow(Document document) =>
        new(document.Id, StoredDocument.Write(document, options.StoreContent), document.Embedding!.ToFloats());

    /// <summary>Vectors of another kind fail their documents; a disk that fails, fails the request.</summary>
    private void Try(IReadOnlyList<Document> documents, Action action)
    {
        try
        {
            action();
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

    private DocumentArray Find(Document query, int limit, bool withEmbeddings)
    {
        var matches = new DocumentArray();
        var hits = Store.Search(query.Embedding!.ToFloats(), IndexStamp.Of(query), options.AllowUnnamed, limit, withEmbeddings);
        foreach (var hit in hits)
        {
            var match = StoredDocument.Read(hit.Document);
            match.Adjacency = query.Adjacency + 1;
            match.Embedding = hit.Vector is null ? null : NdArray.Wrap(hit.Vector);
            match.Scores["cosine"] = new NamedScore(hit.Cosine, "cosine", RefId: query.Id);
            matches.Add(match);
        }

        return matches;
    }

    private bool IsKnown(Document document)
    {
        if (Store.Contains(document.Id))
        {
            return true;
        }

        document.Fail(FlowErrorCode.NotFound, $"id: '{document.Id}' is not in the index.");
        return false;
    }

    private int ReadLimit(SearchParameters parameters) => parameters.Limit switch
    {
        null => options.ChosenLimit,
        >= 1 and <= 10_000 and var limit when limit == Math.Floor(limit) => (int)limit,
        var other => throw new FlowKitException(
            FlowErrorCode.InvalidArgument,
            $"parameters.limit: {other} is not a whole number from 1 to 10000."),
    };
}
