namespace FlowKit.VectorStores;

/// <summary>
/// Documents kept by their embeddings. What a store has acknowledged is found by every search after it, and an id is there once. Safe for
/// many callers at once.
/// </summary>
/// <remarks>Ids are any text but the empty one; equal scores come in the ordinal order of their ids.</remarks>
public interface IVectorStore : IAsyncDisposable
{
    /// <summary>The abilities of the store beyond those that every store has.</summary>
    VectorStoreCapabilities Capabilities { get; }

    /// <summary>Returns how much of which kind is in the store, and what of it is damaged.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    ValueTask<VectorStoreStatus> GetStatusAsync(CancellationToken cancellationToken);

    /// <summary>Adds documents, replacing those with the same id: all of them, or none. Of one id twice the last is kept.</summary>
    /// <param name="documents">Documents with embeddings of one kind; they are not changed and not kept.</param>
    /// <param name="cancellationToken">Ends it before it has begun to write.</param>
    /// <exception cref="FlowKitException">
    /// The embeddings are of another kind than the store's (<see cref="FlowErrorCode.FailedPrecondition"/>), or it cannot be written.
    /// </exception>
    ValueTask UpsertAsync(IReadOnlyList<Document> documents, CancellationToken cancellationToken);

    /// <summary>Removes documents by their ids.</summary>
    /// <returns>The number of documents removed.</returns>
    /// <param name="ids">The ids; those that are not there are passed over.</param>
    /// <param name="cancellationToken">Ends it before it has begun to write.</param>
    ValueTask<long> DeleteAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken);

    /// <summary>Removes every document that a filter holds for.</summary>
    /// <returns>The number of documents removed.</returns>
    /// <param name="filter">The filter.</param>
    /// <param name="cancellationToken">Ends it before it has begun to write.</param>
    ValueTask<long> DeleteAsync(DocumentCondition filter, CancellationToken cancellationToken);

    /// <summary>Returns documents by their ids, in the order of the ids; <see langword="null"/> for one that is not there.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="fields">The fields that are returned.</param>
    /// <param name="cancellationToken">Ends it.</param>
    ValueTask<IReadOnlyList<Document?>> GetAsync(IReadOnlyList<string> ids, FieldSelection fields, CancellationToken cancellationToken);

    /// <summary>Counts the documents that a filter holds for.</summary>
    /// <param name="filter">The filter; <see langword="null"/> for all documents.</param>
    /// <param name="cancellationToken">Ends it.</param>
    ValueTask<long> CountAsync(DocumentCondition? filter, CancellationToken cancellationToken);

    /// <summary>
    /// Returns a page of documents in an order of the store's own. Whatever others write meanwhile, a document that is there all the time
    /// comes once.
    /// </summary>
    /// <param name="scroll">The page.</param>
    /// <param name="cancellationToken">Ends it.</param>
    ValueTask<VectorPage> ScrollAsync(VectorScroll scroll, CancellationToken cancellationToken);

    /// <summary>
    /// Finds the nearest documents of each query, best first: always as many as are asked for, or as there are that the filter holds for
    /// and that reach the threshold. Each has its score under the name of the store's metric.
    /// </summary>
    /// <param name="queries">Documents with embeddings of one kind.</param>
    /// <param name="search">The search.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FlowKitException">The embeddings are of another kind than the store's, or it lacks what is asked for.</exception>
    ValueTask<IReadOnlyList<DocumentArray>> SearchAsync(
        IReadOnlyList<Document> queries, VectorSearch search, CancellationToken cancellationToken);

    /// <summary>
    /// Finds the documents that have words of each query, best first: always as many as are asked for, or as there are that have one of
    /// the words, that the filter holds for and that reach the threshold. Each has its score under
    /// <see cref="VectorStoreCapabilities.WordScore"/>.
    /// </summary>
    /// <param name="queries">Documents whose text is plain words: no sign in it is an operator. One without words finds nothing.</param>
    /// <param name="search">The search; its threshold is one of words, and what it says of graphs is not read.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FlowKitException">The store does not find documents by words, or a query has too many.</exception>
    ValueTask<IReadOnlyList<DocumentArray>> SearchWordsAsync(
        IReadOnlyList<Document> queries, VectorSearch search, CancellationToken cancellationToken) =>
        throw new FlowKitException(FlowErrorCode.FailedPrecondition, "This store does not find documents by words.");

    /// <summary>Writes everything into an empty folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="cancellationToken">Ends it; what is in the folder is then worth nothing.</param>
    ValueTask SnapshotAsync(string folder, CancellationToken cancellationToken);

    /// <summary>Takes everything from a snapshot instead of what is there.</summary>
    /// <param name="folder">The folder of the snapshot.</param>
    /// <param name="cancellationToken">Ends it before anything is changed.</param>
    /// <exception cref="FlowKitException">The snapshot is not there or damaged; what is in the store stays.</exception>
    ValueTask RestoreAsync(string folder, CancellationToken cancellationToken);
}
