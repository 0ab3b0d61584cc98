using FlowKit.Conformance;
using FlowKit.Conformance.VectorStores;
using FlowKit.Executors.Sql;
using FlowKit.TestKit.VectorStores;
using FlowKit.VectorStores;

namespace FlowKit.Executors.Tests.Postgres;

[ConformanceOf(typeof(PgVectorStore))]
public sealed class PgVectorStoreTests : VectorStoreSuite
{
    public static string? WhyMissing => PostgresServer.WhyMissing;

    [PostgresFact]
    public Task So_does_one_of_distances() => CheckAsync(new VectorStoreConformance(cancelled => OpenAsync(VectorMetric.L2, PgIndexKind.None, cancelled)));

    [PostgresFact]
    public Task So_does_one_of_dot_products() => CheckAsync(new VectorStoreConformance(cancelled => OpenAsync(VectorMetric.Dot, PgIndexKind.None, cancelled)));

    [PostgresFact]
    public async Task A_graph_fills_the_limit_whatever_the_filter()
    {
        await using var store = await OpenAsync(VectorMetric.Cosine, PgIndexKind.Hnsw, CancellationToken.None);
        var random = new Random(3);
        var documents = Enumerable.Range(0, 3000).Select(i =>
        {
            var document = new Document($"d{i}") { Embedding = NdArray.Wrap(Enumerable.Range(0, 16).Select(_ => random.NextSingle() - 0.5f).ToArray()) };
            (document.Tags["tenant"], document.Tags["n"]) = (i % 200, i);
            return document;
        }).ToList();
        await store.UpsertAsync(documents, CancellationToken.None);
        foreach (var (filter, expected) in new[] { ("""{"tenant": {"$eq": 7}}""", 10), ("""{"n": {"$lt": 3}}""", 3), ("""{"tenant": {"$lt": 100}}""", 10) })
        {
            var search = new VectorSearch { Filter = DocumentCondition.ParseFilter(System.Text.Json.Nodes.JsonNode.Parse(filter)!) };
            var found = await store.SearchAsync([documents[0], documents[1]], search, CancellationToken.None);
            Assert.Equal([expected, expected], found.Select(matches => matches.Count));
        }
    }

    protected override Task<IVectorStore> OpenAsync(CancellationToken cancellationToken) =>
        OpenAsync(VectorMetric.Cosine, PgIndexKind.None, cancellationToken);

    private static async Task<IVectorStore> OpenAsync(VectorMetric metric, PgIndexKind index, CancellationToken cancellationToken)
    {
        var options = PostgresServer.Options("suite");
        (options.Metric, options.Index) = (metric, index);
        return await PgVectorStore.OpenAsync(
            PgDatabase.Open(options.ConnectionString!, options, TimeProvider.System), options, cancellationToken);
    }
}
