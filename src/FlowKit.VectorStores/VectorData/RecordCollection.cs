using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.VectorData;
using Record = System.Collections.Generic.Dictionary<string, object?>;

namespace FlowKit.VectorStores.VectorData;

/// <summary>
/// A store of FlowKit as a dynamic collection of Microsoft.Extensions.VectorData: records are dictionaries whose data are tags of
/// documents. What the abstraction asks for and the store lacks is refused by name.
/// </summary>
/// <param name="store">The store; it is not disposed with the collection.</param>
/// <param name="name">The name of the collection.</param>
/// <param name="definition">The properties: one key, one vector, and data.</param>
public sealed class RecordCollection(IVectorStore store, string name, VectorStoreCollectionDefinition definition)
    : VectorStoreCollection<object, Record>
{
    private readonly RecordMapping _mapping = new(definition);
    private readonly DocumentCollection _documents = new(store, name);

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override Task<bool> CollectionExistsAsync(CancellationToken cancellationToken = default) =>
        _documents.CollectionExistsAsync(cancellationToken);

    /// <inheritdoc/>
    public override Task EnsureCollectionExistsAsync(CancellationToken cancellationToken = default) =>
        _documents.EnsureCollectionExistsAsync(cancellationToken);

    /// <summary>Removes every document.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public override Task EnsureCollectionDeletedAsync(CancellationToken cancellationToken = default) =>
        _documents.EnsureCollectionDeletedAsync(cancellationToken);

    /// <inheritdoc/>
    public override async Task<Record?> GetAsync(
        object key, RecordRetrievalOptions? options = null, CancellationToken cancellationToken = default) =>
        await _documents.GetAsync(RecordMapping.IdOf(key), options, cancellationToken) is { } document
            ? _mapping.ToRecord(document)
            : null;

    /// <summary>Returns the records that a filter holds for.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="top">The number of records.</param>
    /// <param name="options">The options; an order reads all that the filter holds for.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="NotSupportedException">The filter cannot be read.</exception>
    public override async IAsyncEnumerable<Record> GetAsync(
        Expression<Func<Record, bool>> filter,
        int top,
        FilteredRecordRetrievalOptions<Record>? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var order = options?.OrderBy?.Invoke(new()).Values ?? [];
        var condition = _mapping.ReadFilter(filter);
        var documents = _documents.ScrollAsync(condition, options?.IncludeVectors, cancellationToken);
        var records = documents.Select(_mapping.ToRecord);
        foreach (var key in order.Reverse())
        {
            var property = key.PropertySelector.Compile();
            records = key.Ascending ? records.OrderBy(property) : records.OrderByDescending(property);
        }

        await foreach (var record in records.Skip(options?.Skip ?? 0).Take(top).WithCancellation(cancellationToken))
        {
            yield return record;
        }
    }

    /// <inheritdoc/>
    public override Task DeleteAsync(object key, CancellationToken cancellationToken = default) =>
        _documents.DeleteAsync(RecordMapping.IdOf(key), cancellationToken);

    /// <inheritdoc/>
    public override Task DeleteAsync(IEnumerable<object> keys, CancellationToken cancellationToken = default) =>
        _documents.DeleteAsync(keys.Select(RecordMapping.IdOf), cancellationToken);

    /// <inheritdoc/>
    public override Task UpsertAsync(Record record, CancellationToken cancellationToken = default) =>
        UpsertAsync([record], cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="FlowKitException">A record has no usable key or vector, or one of another kind.</exception>
    public override Task UpsertAsync(IEnumerable<Record> records, CancellationToken cancellationToken = default) =>
        _documents.UpsertAsync(records.Select(_mapping.ToDocument), cancellationToken);

    /// <summary>Finds the records that are nearest to a vector.</summary>
    /// <typeparam name="TInput"><see cref="ReadOnlyMemory{T}"/> of floats, or an array of them.</typeparam>
    /// <param name="searchValue">The vector.</param>
    /// <param name="top">The number of matches.</param>
    /// <param name="options">The options.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public override async IAsyncEnumerable<VectorSearchResult<Record>> SearchAsync<TInput>(
        TInput searchValue,
        int top,
        VectorSearchOptions<Record>? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var filter = options?.Filter is { } written ? _mapping.ReadFilter(written) : null;
        var search = new DocumentCollectionSearch(filter, options?.Skip, options?.ScoreThreshold, options?.IncludeVectors);
        await foreach (var found in _documents.SearchAsync(searchValue, top, search, cancellationToken))
        {
            yield return new VectorSearchResult<Record>(_mapping.ToRecord(found.Record), found.Score);
        }
    }

    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(this) ? this : _documents.GetService(serviceType, serviceKey);
    }
}
