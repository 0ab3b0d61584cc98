using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.VectorData;

namespace FlowKit.VectorStores.VectorData;

/// <summary>
/// A store of FlowKit as a collection of Microsoft.Extensions.VectorData: records are documents, keys their ids. What the abstraction asks
/// for and the store lacks is refused by name; <see cref="GetService"/> gives the <see cref="IVectorStore"/> for what the abstraction
/// lacks.
/// </summary>
/// <param name="store">The store; it is not disposed with the collection.</param>
/// <param name="name">The name of the collection.</param>
public sealed class DocumentCollection(IVectorStore store, string name) : VectorStoreCollection<string, Document>
{
    private const int PageSize = 1000;

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override Task<bool> CollectionExistsAsync(CancellationToken cancellationToken = default) => Task.FromResult(true);

    /// <inheritdoc/>
    public override Task EnsureCollectionExistsAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    /// <summary>Removes every document.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public override async Task EnsureCollectionDeletedAsync(CancellationToken cancellationToken = default) =>
        await store.DeleteAsync(DocumentCondition.Parse(new System.Text.Json.Nodes.JsonObject()), cancellationToken);

    /// <inheritdoc/>
    public override async Task<Document?> GetAsync(
        string key, RecordRetrievalOptions? options = null, CancellationToken cancellationToken = default) =>
        (await store.GetAsync([key], Fields(options?.IncludeVectors), cancellationToken))[0];

    /// <inheritdoc/>
    public override async IAsyncEnumerable<Document> GetAsync(
        IEnumerable<string> keys,
        RecordRetrievalOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var document in await store.GetAsync([.. keys], Fields(options?.IncludeVectors), cancellationToken))
        {
            if (document is not null)
            {
                yield return document;
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">An order is asked for, or the filter cannot be read.</exception>
    public override async IAsyncEnumerable<Document> GetAsync(
        Expression<Func<Document, bool>> filter,
        int top,
        FilteredRecordRetrievalOptions<Document>? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (options?.OrderBy is not null)
        {
            throw new NotSupportedException("OrderBy: documents come in an order of the store's own; sort what comes.");
        }

        var documents = ScrollAsync(FilterExpression.ReadDocuments(filter), options?.IncludeVectors, cancellationToken);
        await foreach (var document in documents.Skip(options?.Skip ?? 0).Take(top).WithCancellation(cancellationToken))
        {
            yield return document;
        }
    }

    /// <inheritdoc/>
    public override async Task DeleteAsync(string key, CancellationToken cancellationToken = default) =>
        await store.DeleteAsync([key], cancellationToken);

    /// <inheritdoc/>
    public override async Task DeleteAsync(IEnumerable<string> keys, CancellationToken cancellationToken = default) =>
        await store.DeleteAsync([.. keys], cancellationToken);

    /// <inheritdoc/>
    public override async Task UpsertAsync(Document record, CancellationToken cancellationToken = default) =>
        await UpsertAsync([record], cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="FlowKitException">A document has no usable id or embedding, or one of another kind.</exception>
    public override async Task UpsertAsync(IEnumerable<Document> records, CancellationToken cancellationToken = default)
    {
        List<Document> documents = [.. records];
        if (documents.Find(document => !IndexableDocument.Check(document)) is { } bad)
        {
            throw new FlowKitException(bad.Error!);
        }

        await store.UpsertAsync(documents, cancellationToken);
    }

    /// <summary>Finds the documents that are nearest to a query.</summary>
    /// <typeparam name="TInput"><see cref="Document"/>, or a vector of floats.</typeparam>
    /// <param name="searchValue">A document with an embedding, or a vector of floats.</param>
    /// <param name="top">The number of matches.</param>
    /// <param name="options">The options.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public override async IAsyncEnumerable<VectorSearchResult<Document>> SearchAsync<TInput>(
        TInput searchValue,
        int top,
        VectorSearchOptions<Document>? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var filter = options?.Filter is { } written ? FilterExpression.ReadDocuments(written) : null;
        var search = new DocumentCollectionSearch(filter, options?.Skip, options?.ScoreThreshold, options?.IncludeVectors);
        await foreach (var found in SearchAsync(searchValue, top, search, cancellationToken))
        {
            yield return found;
        }
    }

    /// <summary>Returns the documents that a filter holds for, in an order of the store's own.</summary>
    internal IAsyncEnumerable<Document> ScrollAsync(
        DocumentCondition filter, bool? includeVectors, CancellationToken cancellationToken) => VectorStoreTransfer.ReadAllAsync(
            store, new VectorScroll { Limit = PageSize, Filter = filter, Fields = Fields(includeVectors) }, cancellationToken);

    /// <summary>Finds the documents that are nearest to a query.</summary>
    internal async IAsyncEnumerable<VectorSearchResult<Document>> SearchAsync<TInput>(
        TInput searchValue, int top, DocumentCollectionSearch asked, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var search = new VectorSearch
        {
            Limit = top,
            Offset = asked.Skip ?? 0,
            Filter = asked.Filter,
            ScoreThreshold = (float?)asked.ScoreThreshold,
            Fields = Fields(asked.IncludeVectors),
        };
        var metric = (await store.GetStatusAsync(cancellationToken)).Metric.NameOf();
        foreach (var match in (await store.SearchAsync([ToQuery(searchValue)], search, cancellationToken))[0])
        {
            yield return new VectorSearchResult<Document>(match, match.Scores[metric].Value);
        }
    }

    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
        {
            return null;
        }

        if (serviceType.IsInstanceOfType(store))
        {
            return store;
        }

        return serviceType.IsInstanceOfType(this) ? this : null;
    }

    private static FieldSelection Fields(bool? includeVectors) =>
        includeVectors == true ? FieldSelection.WithEmbedding : FieldSelection.All;

    private static Document ToQuery<TInput>(TInput value) => value switch
    {
        Document { Embedding: not null } document => document,
        ReadOnlyMemory<float> vector => new Document { Embedding = NdArray.Wrap(vector.ToArray()) },
        float[] vector => new Document { Embedding = NdArray.Wrap(vector) },
        _ => throw new NotSupportedException(
            $"A search by {typeof(TInput).Name}: give a document with an embedding, a float[] or a ReadOnlyMemory<float>;"
            + " a flow embeds texts."),
    };
}
