using FlowKit.Conformance;
using FlowKit.Conformance.VectorStores;
using FlowKit.VectorStores;

namespace FlowKit.Executors.Tests.Indexing;

[ConformanceOf(typeof(SqliteVectorStore))]
public sealed class SqliteVectorStoreTests : VectorStoreSuite, IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task So_does_one_of_dot_products() => RunAsync(new StoreOptions(VectorMetric.Dot));

    [Fact]
    public Task So_does_one_of_distances() => RunAsync(new StoreOptions(VectorMetric.L2));

    [Fact]
    public Task So_does_one_that_looks_at_8_bits_first() => RunAsync(new StoreOptions(Precision: VectorPrecision.Int8));

    [Theory]
    [InlineData(VectorMetric.Cosine)]
    [InlineData(VectorMetric.Dot)]
    [InlineData(VectorMetric.L2)]
    public Task So_does_one_of_16_bits(VectorMetric metric) => RunAsync(new StoreOptions(metric, VectorPrecision.Float16));

    protected override Task<IVectorStore> OpenAsync(CancellationToken cancellationToken) => OpenAsync(new StoreOptions());

    private Task RunAsync(StoreOptions options) => CheckAsync(new TestKit.VectorStores.VectorStoreConformance(_ => OpenAsync(options)));

    private Task<IVectorStore> OpenAsync(StoreOptions options) => Task.FromResult<IVectorStore>(
        SqliteVectorStore.Acquire(Directory.CreateDirectory(_folder.At(Guid.NewGuid().ToString("N"))).FullName, options));
}
