using FlowKit.Executors.Tests.Postgres;

namespace FlowKit.Executors.Tests.Indexing;

/// <summary><c>/duplicates</c> as a flow answers it, on both stores.</summary>
public sealed class DuplicateFlowTests
{
    private const string Embedded = "- { name: indexer, uses: VectorIndexer }";

    [Fact]
    public Task Every_pair_of_near_duplicates_comes_once_in_the_embedded_store() => CheckAsync(Embedded);

    [Fact]
    public Task And_where_it_looks_at_a_graph_in_16_bits() =>
        CheckAsync("- { name: indexer, uses: VectorIndexer, uses_with: { index: hnsw, precision: float16 } }");

    [PostgresFact]
    public Task And_in_PostgreSQL()
    {
        var options = PostgresServer.Options("duplicates");
        return CheckAsync($"- {{ name: indexer, uses: PgVectorIndexer, uses_with: {{ connection_string: '{options.ConnectionString}', table: {options.Table} }} }}");
    }

    [Theory]
    [InlineData("{}", "parameters.score_threshold: there is none; send the score (cosine)")]
    [InlineData("""{"score_threshold": 0.9, "limit": 0}""", "parameters.limit: 0 is not a whole number")]
    [InlineData("""{"score_threshold": 0.9, "threshold": 1}""", "parameters.threshold: it is read by no executor")]
    public async Task What_is_wrong_is_refused_by_name(string parameters, string expected)
    {
        await using var flow = await TestFlow.StartAsync(Embedded);
        var error = (await flow.ReplyAsync("/duplicates", [], parameters)).Error!;
        Assert.Equal((FlowErrorCode.InvalidArgument, true), (error.Code, error.Message.StartsWith(expected, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Shards_that_do_not_know_each_other_refuse()
    {
        await using var flow = await TestFlow.StartAsync("- { name: indexer, uses: VectorIndexer, shards: 2, polling: { /index: hash, /duplicates: all } }");
        var error = (await flow.ReplyAsync("/duplicates", [], """{"score_threshold": 0.9}""")).Error!;
        Assert.Contains("shards: 2: none of them knows the documents of another", error.Message, StringComparison.Ordinal);
    }

    private static async Task CheckAsync(string executor)
    {
        await using var flow = await TestFlow.StartAsync(executor);
        var random = new Random(4);
        var documents = Enumerable.Range(0, 150).Select(i => Make($"d{i:000}", [.. Enumerable.Range(0, 32).Select(_ => random.NextSingle() - 0.5f)])).ToList();
        documents[90].Embedding = Near(documents[17], 1e-3f);
        documents[140].Embedding = Near(documents[17], 1e-3f);
        documents[61].Embedding = Near(documents[60], 0);
        Assert.All(await flow.SendAsync("/index", documents.Select(document => document.Clone()).Zip(documents, (copy, own) => WithEmbedding(copy, own))), document => Assert.Null(document.Error));

        var (pairs, pages, cursor) = (new List<string>(), 0, "");
        do
        {
            var parameters = $$"""{"score_threshold": 0.98, "limit": 40, "return": ["text"]{{(cursor.Length == 0 ? "" : $", \"cursor\": \"{cursor}\"")}}}""";
            var reply = await flow.ReplyAsync("/duplicates", [], parameters);
            Assert.Null(reply.Error);
            pairs.AddRange(reply.Documents.SelectMany(document => document.Matches.Select(match => $"{document.Id} {match.Id}")));
            Assert.All(reply.Documents, document => Assert.Equal(($"text of {document.Id}", true), (document.Text, document.Embedding is null)));
            Assert.All(reply.Documents.SelectMany(document => document.Matches), match => Assert.InRange(match.Scores["cosine"].Value, 0.98f, 1.001f));
            cursor = (string?)reply.Results!.Single().Value!["cursor"] ?? "";
            pages++;
        }
        while (cursor.Length > 0);

        Assert.Equal(["d017 d090", "d017 d140", "d060 d061", "d090 d140"], pairs.Order(StringComparer.Ordinal));
        Assert.Equal(4, pages);
        var some = await flow.ReplyAsync("/duplicates", [], """{"score_threshold": 0.98, "filter": {"id": {"$lt": "d100"}}, "limit": 1000, "return_embeddings": true}""");
        Assert.Equal(["d017", "d060"], some.Documents.Select(document => document.Id).Order(StringComparer.Ordinal));
        Assert.All(some.Documents, document => Assert.Equal((1, 32), (document.Matches.Count, document.Embedding!.Length)));
    }

    private static Document Make(string id, float[] vector) => new(id) { Text = $"text of {id}", Embedding = NdArray.Wrap(vector) };

    private static Document WithEmbedding(Document copy, Document own)
    {
        copy.Embedding = own.Embedding;
        return copy;
    }

    private static NdArray Near(Document document, float distance) =>
        NdArray.Wrap(document.Embedding!.ToFloats().Select((value, i) => value + (i % 2 == 0 ? distance : -distance)).ToArray());
}
