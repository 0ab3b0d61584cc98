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

    /// <summary>The planner would look at all where few pass: the index is forced, as on a table that is large enough.</summary>
    [PostgresTheory]
    [InlineData(PgIndexKind.Hnsw, 500, 0.95)]
    [InlineData(PgIndexKind.Hnsw, 50, 0.95)]
    [InlineData(PgIndexKind.Hnsw, 5, 0.95)]
    // Its lists were chosen when the table was empty.
    [InlineData(PgIndexKind.Ivfflat, 50, 0.5)]
    public async Task What_an_index_finds_behind_a_filter_is_nearest_and_in_order(PgIndexKind index, int share, double recall)
    {
        await using var store = await OpenAsync(VectorMetric.Cosine, index, CancellationToken.None, "Options=-c enable_seqscan=off -c enable_bitmapscan=off");
        var documents = Clusters(5000);
        await store.UpsertAsync(documents, CancellationToken.None);
        var search = new VectorSearch { Filter = Parse($$$"""{"n": {"$lt": {{{share}}}}}"""), Effort = 64 };
        var queries = documents.Where((_, i) => i % 250 == 1).ToList();

        var exact = await store.SearchAsync(queries, search with { Exact = true }, CancellationToken.None);
        var found = await store.SearchAsync(queries, search, CancellationToken.None);

        Assert.All(found, matches => Assert.Equal(10, matches.Count));
        Assert.All(found, matches => Assert.Equal(matches.Select(Score).OrderDescending(), matches.Select(Score)));
        var hits = exact.Zip(found, (wanted, had) => wanted.Select(match => match.Id).Intersect(had.Select(match => match.Id)).Count()).Sum();
        Assert.InRange(hits / (10.0 * queries.Count), recall, 1);
    }

    [PostgresFact]
    public async Task A_threshold_is_kept_by_the_graph_and_ends_its_scan()
    {
        await using var store = await OpenAsync(VectorMetric.Cosine, PgIndexKind.Hnsw, CancellationToken.None, "Options=-c enable_seqscan=off -c enable_bitmapscan=off");
        var documents = Clusters(2000);
        await store.UpsertAsync(documents, CancellationToken.None);
        var search = new VectorSearch { ScoreThreshold = 0.9f, Limit = 30, Effort = 200 };

        var exact = Assert.Single(await store.SearchAsync([documents[1]], search with { Exact = true }, CancellationToken.None));
        var found = Assert.Single(await store.SearchAsync([documents[1]], search, CancellationToken.None));

        Assert.InRange(exact.Count, 1, 29);
        Assert.Equal(exact.Select(match => match.Id), found.Select(match => match.Id));
    }

    [PostgresFact]
    public async Task Pages_behind_a_filter_neither_repeat_nor_miss_what_the_graph_finds()
    {
        await using var store = await OpenAsync(VectorMetric.Cosine, PgIndexKind.Hnsw, CancellationToken.None, "Options=-c enable_seqscan=off -c enable_bitmapscan=off");
        var documents = Clusters(3000);
        await store.UpsertAsync(documents, CancellationToken.None);
        var search = new VectorSearch { Filter = Parse("""{"n": {"$lt": 300}}"""), Limit = 20, Effort = 200 };

        List<string> ids = [];
        for (var offset = 0; offset < 200; offset += 20)
        {
            ids.AddRange((await store.SearchAsync([documents[1]], search with { Offset = offset }, CancellationToken.None))[0].Select(match => match.Id));
        }

        var exact = (await store.SearchAsync([documents[1]], search with { Limit = 200, Exact = true }, CancellationToken.None))[0];
        Assert.Equal(200, ids.Distinct().Count());
        Assert.InRange(exact.Select(match => match.Id).Intersect(ids).Count(), 198, 200);
    }

    private static double Score(Document match) => match.Scores["cosine"].Value;

    private static DocumentCondition Parse(string filter) => DocumentCondition.ParseFilter(System.Text.Json.Nodes.JsonNode.Parse(filter)!)!;

    /// <summary>Documents in clusters, with a number below 1,000 that has nothing to do with them.</summary>
    private static List<Document> Clusters(int count)
    {
        var random = new Random(5);
        float[] Point() => [.. Enumerable.Range(0, 32).Select(_ => random.NextSingle() - 0.5f)];
        var centres = Enumerable.Range(0, 50).Select(_ => Point()).ToArray();
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var document = new Document($"d{i}") { Embedding = NdArray.Wrap(centres[i % 50].Zip(Point(), (centre, noise) => centre + noise).ToArray()) };
            document.Tags["n"] = random.Next(1000);
            return document;
        })];
    }

    protected override Task<IVectorStore> OpenAsync(CancellationToken cancellationToken) =>
        OpenAsync(VectorMetric.Cosine, PgIndexKind.None, cancellationToken);

    private static async Task<IVectorStore> OpenAsync(VectorMetric metric, PgIndexKind index, CancellationToken cancellationToken, string settings = "")
    {
        var options = PostgresServer.Options("suite");
        options.ConnectionString += $";{settings}";
        (options.Metric, options.Index) = (metric, index);
        return await PgVectorStore.OpenAsync(
            PgDatabase.Open(options.ConnectionString!, options, TimeProvider.System), options, cancellationToken);
    }
}
