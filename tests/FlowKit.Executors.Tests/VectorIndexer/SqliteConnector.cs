using FlowKit.VectorStores;
using FlowKit.VectorStores.VectorData;
using Microsoft.Extensions.VectorData;

namespace FlowKit.Executors.Tests.Indexing;

/// <summary>A connector whose collections are embedded stores below a folder. Made anew on the folder, it finds them again.</summary>
internal sealed class SqliteConnector(string folder, VectorMetric metric = VectorMetric.Cosine) : VectorStore, IAsyncDisposable
{
    private readonly Dictionary<string, SqliteVectorStore> _open = [];

    /// <summary>What the next call fails with.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Indicates whether matches come without scores.</summary>
    public bool IsSilent { get; set; }

    /// <summary>The numbers of matches that were asked for.</summary>
    public List<int> Tops { get; } = [];

    public override VectorStoreCollection<object, Dictionary<string, object?>> GetDynamicCollection(
        string name, VectorStoreCollectionDefinition definition) => new Collection(this, Open(name), name, definition);

    public override VectorStoreCollection<TKey, TRecord> GetCollection<TKey, TRecord>(
        string name, VectorStoreCollectionDefinition? definition = null) => throw new NotSupportedException("typed records");

    public override IAsyncEnumerable<string> ListCollectionNamesAsync(CancellationToken cancellationToken = default) =>
        Directory.GetDirectories(folder).Select(path => Path.GetFileName(path)!).ToAsyncEnumerable();

    public override Task<bool> CollectionExistsAsync(string name, CancellationToken cancellationToken = default) =>
        Task.FromResult(Directory.Exists(Path.Combine(folder, name)));

    public override Task EnsureCollectionDeletedAsync(string name, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("deletion");

    public override object? GetService(Type serviceType, object? serviceKey = null) => null;

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _open.Values)
        {
            await store.DisposeAsync();
        }
    }

    private SqliteVectorStore Open(string name) => _open.TryGetValue(name, out var store)
        ? store
        : _open[name] = SqliteVectorStore.Acquire(Directory.CreateDirectory(Path.Combine(folder, name)).FullName, new StoreOptions(metric));

    /// <summary>A collection that fails when its connector says so.</summary>
    private sealed class Collection(SqliteConnector connector, IVectorStore store, string name, VectorStoreCollectionDefinition definition)
        : VectorStoreCollection<object, Dictionary<string, object?>>
    {
        private readonly RecordCollection _records = new(store, name, definition);

        public override string Name => _records.Name;

        public override Task<bool> CollectionExistsAsync(CancellationToken cancellationToken = default) =>
            _records.CollectionExistsAsync(cancellationToken);

        public override Task EnsureCollectionExistsAsync(CancellationToken cancellationToken = default) =>
            _records.EnsureCollectionExistsAsync(cancellationToken);

        public override Task EnsureCollectionDeletedAsync(CancellationToken cancellationToken = default) =>
            _records.EnsureCollectionDeletedAsync(cancellationToken);

        public override Task<Dictionary<string, object?>?> GetAsync(
            object key, RecordRetrievalOptions? options = null, CancellationToken cancellationToken = default) =>
            _records.GetAsync(key, options, cancellationToken);

        public override IAsyncEnumerable<Dictionary<string, object?>> GetAsync(
            System.Linq.Expressions.Expression<Func<Dictionary<string, object?>, bool>> filter,
            int top,
            FilteredRecordRetrievalOptions<Dictionary<string, object?>>? options = null,
            CancellationToken cancellationToken = default) => _records.GetAsync(filter, top, options, cancellationToken);

        public override Task DeleteAsync(object key, CancellationToken cancellationToken = default) =>
            _records.DeleteAsync(key, cancellationToken);

        public override Task UpsertAsync(Dictionary<string, object?> record, CancellationToken cancellationToken = default) =>
            _records.UpsertAsync(record, cancellationToken);

        public override Task UpsertAsync(IEnumerable<Dictionary<string, object?>> records, CancellationToken cancellationToken = default) =>
            connector.Failure is { } failure ? Task.FromException(failure) : _records.UpsertAsync(records, cancellationToken);

        public override IAsyncEnumerable<VectorSearchResult<Dictionary<string, object?>>> SearchAsync<TInput>(
            TInput searchValue,
            int top,
            VectorSearchOptions<Dictionary<string, object?>>? options = null,
            CancellationToken cancellationToken = default)
        {
            connector.Tops.Add(top);
            return connector.Failure is { } failure
                ? throw failure
                : _records.SearchAsync(searchValue, top, options, cancellationToken).Select(
                    found => new VectorSearchResult<Dictionary<string, object?>>(found.Record, connector.IsSilent ? null : Convert(found.Score!.Value)));
        }

        public override object? GetService(Type serviceType, object? serviceKey = null) => _records.GetService(serviceType, serviceKey);

        private double Convert(double score) => definition.Properties.OfType<VectorStoreVectorProperty>().Single().DistanceFunction switch
        {
            DistanceFunction.CosineDistance => 1 - score,
            DistanceFunction.NegativeDotProductSimilarity => -score,
            DistanceFunction.EuclideanSquaredDistance => score * score,
            _ => score,
        };
    }
}
