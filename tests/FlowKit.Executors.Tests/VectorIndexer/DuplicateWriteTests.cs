using FlowKit.Executors.Tests.Postgres;

namespace FlowKit.Executors.Tests.Indexing;

/// <summary><c>duplicate_threshold</c>, on both stores: what is nearly the same as another is told when it is written.</summary>
public sealed class DuplicateWriteTests
{
    private const string Embedded = "- { name: indexer, uses: VectorIndexer, uses_with: { duplicate_threshold: 0.98";

    [Theory]
    [InlineData("")]
    [InlineData(", index: hnsw, precision: float16")]
    public Task A_duplicate_is_kept_with_the_id_that_it_is_near_to(string more) => KeepsAsync($"{Embedded}{more} }} }}");

    [PostgresFact]
    public Task And_in_PostgreSQL() => KeepsAsync(InPostgres("duplicate_threshold: 0.98"));

    [Fact]
    public Task Or_refused_as_the_option_says() => RefusesAsync($"{Embedded}, on_duplicate: refuse }} }}");

    [PostgresFact]
    public Task And_refused_in_PostgreSQL() => RefusesAsync(InPostgres("duplicate_threshold: 0.98, on_duplicate: refuse"));

    [Theory]
    [InlineData("dot", 10, 2f, 1f)]
    [InlineData("l2", 0.5, 1.4f, 3f)]
    public async Task Dot_products_reach_it_from_below_and_distances_from_above(string metric, double threshold, float near, float far)
    {
        await using var flow = await TestFlow.StartAsync(
            FormattableString.Invariant($"- {{ name: indexer, uses: VectorIndexer, uses_with: {{ metric: {metric}, duplicate_threshold: {threshold} }} }}"));
        var one = await flow.SendAsync("/index", [Make("a", 1, 5), Make("b", 0, near == 2 ? 2 : 5.4f)]);
        Assert.Equal([null, near == 2 ? "a" : null], one.Select(DuplicateOf));
        Assert.Equal(["a", null], (await flow.SendAsync("/index", [Make("c", near, 5), Make("d", far, 0)])).Select(DuplicateOf));
    }

    [Fact]
    public async Task Shards_that_do_not_know_each_other_refuse_to_start()
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => TestFlow.StartAsync($"{Embedded} }}, shards: 2 }}"));
        Assert.Contains("shards: 2: none of them knows the documents of another, which duplicate_threshold compares", error.ToString(), StringComparison.Ordinal);
    }

    private static async Task KeepsAsync(string executor)
    {
        await using var flow = await TestFlow.StartAsync(executor);
        Assert.All(await flow.SendAsync("/index", [Make("a", 1, 0), Make("b", 0, 1)]), document => Assert.Null(DuplicateOf(document)));

        // The nearest is named: of the store, or before it in the same request.
        var second = await flow.SendAsync("/index", [Make("c", 1, 0.1f), Make("d", 1, 0.11f), Make("e", 1, 1), Make("f", 1, 0.09f)]);
        Assert.Equal(["a", "c", null, "c"], second.Select(DuplicateOf));
        Assert.All(second, document => Assert.Null(document.Error));
        Assert.Equal(
            ["c", "d", "f"],
            (await flow.SendAsync("/get", [], """{"filter": {"duplicate_of": {"$exists": true}}}""")).Select(document => document.Id).Order());

        // A document is no duplicate of itself, nor of what the same request replaces; what is none any more, loses the tag.
        var again = await flow.SendAsync("/index", [Make("a", 0, -1), Make("c", -1, 0), Make("c", 1, 0.1f), Make("d", -1, 0), Make("f", -1, -1)]);
        Assert.Equal([null, null, null, null, null], again.Select(DuplicateOf));
        var stale = Make("d", -1, 0);
        stale.Tags["duplicate_of"] = "c";
        Assert.Null(DuplicateOf((await flow.SendAsync("/update", [stale])).Single()));
        Assert.Equal("c", DuplicateOf((await flow.SendAsync("/update", [Make("d", 1, 0.12f)])).Single()));
        var tags = new Document("d");
        tags.Tags["city"] = "Oslo";
        Assert.Null((await flow.SendAsync("/update", [tags])).Single().Error);
        var kept = (await flow.SendAsync("/get", [new Document("d")])).Single();
        Assert.Equal(("c", "Oslo"), (DuplicateOf(kept), (string?)kept.Tags["city"]));
    }

    private static async Task RefusesAsync(string executor)
    {
        await using var flow = await TestFlow.StartAsync(executor);
        var first = await flow.SendAsync("/index", [Make("a", 1, 0), Make("b", 1, 0.1f), Make("c", 0, 1), Make("d", 1, 0.3f)]);
        Assert.Equal([null, "b", null, null], first.Select(document => document.Error?.DocumentId));
        Assert.Equal(FlowErrorCode.FailedPrecondition, first[1].Error!.Code);
        Assert.Equal("embedding: it is nearly that of 'a' (cosine 0.995, duplicate_threshold 0.98).", first[1].Error!.Message);
        Assert.Equal(["a", "c", "d"], (await flow.SendAsync("/get", [])).Select(document => document.Id).Order());

        var update = (await flow.SendAsync("/update", [Make("c", 1, 0.31f)])).Single();
        Assert.Contains("'d'", update.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(new float[] { 0, 1 }, (await flow.SendAsync("/get", [new Document("c")], """{"return_embeddings": true}""")).Single().Embedding!.ToFloats());

        // More than a batch, of which the store holds a part and the request another.
        var random = new Random(3);
        var many = Enumerable.Range(0, 150).Select(i => Make($"m{i:000}", random.NextSingle() - 0.5f, random.NextSingle() - 0.5f)).ToList();
        var vectors = many.ToDictionary(document => document.Id, document => document.Embedding!.ToFloats().ToArray());
        var kept = new List<float[]> { new[] { 1, 0f }, new[] { 0, 1f }, new[] { 1, 0.3f } };
        var expected = new List<string>();
        foreach (var (id, vector) in vectors)
        {
            if (kept.TrueForAll(other => Cosine(other, vector) < 0.98))
            {
                kept.Add(vector);
                expected.Add(id);
            }
        }

        var written = await flow.SendAsync("/index", many);
        Assert.InRange(expected.Count, 5, 40);
        Assert.Equal(expected, written.Where(document => document.Error is null).Select(document => document.Id));
    }

    private static double Cosine(float[] left, float[] right) =>
        ((left[0] * (double)right[0]) + (left[1] * (double)right[1]))
            / Math.Sqrt(((left[0] * (double)left[0]) + (left[1] * (double)left[1])) * ((right[0] * (double)right[0]) + (right[1] * (double)right[1])));

    private static string? DuplicateOf(Document document) => document.HasTags ? (string?)document.Tags["duplicate_of"] : null;

    private static Document Make(string id, params float[] vector) => new(id) { Text = $"text of {id}", Embedding = NdArray.Wrap(vector) };

    private static string InPostgres(string more)
    {
        var options = PostgresServer.Options("near");
        return $"- {{ name: indexer, uses: PgVectorIndexer, uses_with: {{ connection_string: '{options.ConnectionString}', table: {options.Table}, {more} }} }}";
    }
}
