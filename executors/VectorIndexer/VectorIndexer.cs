namespace FlowKit.Executors;

/// <summary>
/// Keeps documents by their embedding and finds the nearest by cosine, exactly. What <c>/index</c>, <c>/update</c> and <c>/delete</c>
/// have acknowledged survives a kill of the process.
/// </summary>
/// <param name="options">What <c>uses_with</c> sets.</param>
[Executor("VectorIndexer", Description = "Exact nearest-neighbour search over durable documents (SQLite).")]
public sealed class VectorIndexer(VectorIndexerOptions options) : Executor
{
    /// <summary>The key of <c>_metadata</c> under which encoders say which model made an embedding.</summary>
    public const string ModelKey = "embedding_model";

    private VectorStore? _store;

    private VectorStore Store => _store ?? throw new FlowKitException(FlowErrorCode.Unavailable, "The index is not loaded.");

    /// <inheritdoc/>
    public override Task LoadAsync(CancellationToken cancellationToken)
    {
        _store = VectorStore.Acquire(Context.Workspace);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _store?.Dispose();
        return base.DisposeAsync();
    }

    /// <summary>Adds documents, replacing those with the same id.</summary>
    [Requests("/index")]
    public void Index(DocumentArray docs) => Write(docs.Where(HasEmbedding));

    /// <summary>Replaces documents that are there; the others fail.</summary>
    [Requests("/update")]
    public void Update(DocumentArray docs) => Write(docs.Where(document => IsKnown(document) && HasEmbedding(document)));

    /// <summary>Removes documents by their ids, and by <c>parameters.ids</c>.</summary>
    /// <returns>How many were removed.</returns>
    [Requests("/delete")]
    public object Delete(DocumentArray docs, SearchParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new { deleted = Store.Delete([.. docs.Select(document => document.Id).Concat(parameters.Ids).Distinct()]) };
    }

    /// <summary>Gives each document its nearest neighbours as matches, best first.</summary>
    [Requests("/search")]
    public void Search(DocumentArray docs, SearchParameters parameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(docs);
        ArgumentNullException.ThrowIfNull(parameters);
        var limit = ReadLimit(parameters);
        foreach (var document in docs)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (HasEmbedding(document))
            {
                document.Matches = Find(document, limit, parameters.ReturnEmbeddings);
                DropEmbedding(document);
            }
        }
    }

    /// <summary>What the index holds.</summary>
    [Requests("/status")]
    public object Status() => new { num_docs = Store.Count, dimension = Store.Stamp?.Dimension, model = Store.Stamp?.Model, metric = "cosine" };

    private static IndexStamp StampOf(Document document) =>
        new(document.Embedding!.Length, document.HasMetadata && document.Metadata.TryGetPropertyValue(ModelKey, out var model) ? model?.ToString() ?? "" : "");

    private void Write(IEnumerable<Document> documents)
    {
        foreach (var group in documents.GroupBy(StampOf).ToList())
        {
            var accepted = group.Where(document => !Refused(document, group.Key)).ToList();
            if (accepted.Count > 0)
            {
                Store.Write([.. accepted.Select(document => new IndexedVector(document.Id, StoredDocument.Write(document, options.StoreContent), document.Embedding!.ToFloats()))], group.Key);
                accepted.ForEach(DropEmbedding);
            }
        }
    }

    private DocumentArray Find(Document query, int limit, bool withEmbeddings)
    {
        var matches = new DocumentArray();
        if (Refused(query, StampOf(query)))
        {
            return matches;
        }

        foreach (var (json, vector, cosine) in Store.Search(query.Embedding!.ToFloats(), limit))
        {
            var match = StoredDocument.Read(json);
            match.Adjacency = query.Adjacency + 1;
            match.Embedding = withEmbeddings ? NdArray.Wrap(vector) : null;
            match.Scores["cosine"] = new NamedScore(cosine, "cosine", RefId: query.Id);
            matches.Add(match);
        }

        return matches;
    }

    private bool Refused(Document document, IndexStamp stamp)
    {
        if (Store.Refuse(stamp) is not { } reason)
        {
            return false;
        }

        document.Fail(FlowErrorCode.FailedPrecondition, $"embedding: {reason}.");
        return true;
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

    private static bool HasEmbedding(Document document)
    {
        if (document.Embedding is not { Length: > 0 } embedding)
        {
            document.Fail(FlowErrorCode.InvalidArgument, "embedding: the document has none; it holds no text or image that an encoder before the index could embed.");
            return false;
        }

        if (!embedding.ToFloats().All(float.IsFinite))
        {
            document.Fail(FlowErrorCode.InvalidArgument, "embedding: it holds NaN or infinite numbers.");
            return false;
        }

        return true;
    }

    private int ReadLimit(SearchParameters parameters) => parameters.Limit switch
    {
        null => options.Limit,
        >= 1 and <= 10_000 and var limit when limit == Math.Floor(limit) => (int)limit,
        var other => throw new FlowKitException(FlowErrorCode.InvalidArgument, $"parameters.limit: {other} is not a whole number from 1 to 10000."),
    };

    private void DropEmbedding(Document document)
    {
        if (options.DropEmbedding)
        {
            document.Embedding = null;
        }
    }
}
