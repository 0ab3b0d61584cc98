using FlowKit.Conformance;
using FlowKit.Conformance.VectorStores;
using FlowKit.VectorStores;

namespace FlowKit.Executors.Tests.Indexing;

[ConformanceOf(typeof(SqliteVectorStore))]
public sealed class SqliteVectorStoreTests : VectorStoreSuite, IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Promises))]
    public Task So_does_one_of_dot_products(string promise) => RunAsync(promise, VectorMetric.Dot);

    [Theory]
    [MemberData(nameof(Promises))]
    public Task So_does_one_of_distances(string promise) => RunAsync(promise, VectorMetric.L2);

    protected override Task<IVectorStore> OpenAsync(CancellationToken cancellationToken) => OpenAsync(VectorMetric.Cosine);

    private Task RunAsync(string promise, VectorMetric metric) =>
        new TestKit.VectorStores.VectorStoreConformance(_ => OpenAsync(metric)).RunAsync(promise);

    private Task<IVectorStore> OpenAsync(VectorMetric metric) =>
        Task.FromResult<IVectorStore>(SqliteVectorStore.Acquire(_folder.Path, new StoreOptions(metric)));
}
