using static FlowKit.Executors.Tests.Indexing.IndexUnderTest;

namespace FlowKit.Executors.Tests.Indexing;

/// <summary>Filters, pages, parts of documents and their errors as a flow answers them.</summary>
public sealed class FilterFlowTests : IAsyncLifetime
{
    private TestFlow _flow = null!;

    public async Task InitializeAsync()
    {
        _flow = await TestFlow.StartAsync("- { name: indexer, uses: VectorIndexer }");
        await _flow.SendAsync("/index", Enumerable.Range(0, 30).Select(i =>
        {
            var document = Doc($"d{i:00}", 1, i);
            document.Tags["city"] = i % 3 == 0 ? "Oslo" : "Bergen";
            return document;
        }));
    }

    public Task DisposeAsync() => _flow.DisposeAsync().AsTask();

    [Fact]
    public async Task A_search_gives_only_what_its_filter_holds_for_page_by_page()
    {
        var first = await SearchAsync("""{"limit": 4, "filter": {"city": {"$eq": "Oslo"}}}""");
        var second = await SearchAsync("""{"limit": 4, "offset": 4, "filter": {"city": {"$eq": "Oslo"}}}""");
        Assert.Equal(["d00", "d03", "d06", "d09"], first.Select(match => match.Id));
        Assert.Equal(["d12", "d15", "d18", "d21"], second.Select(match => match.Id));
        Assert.Equal(3, (await SearchAsync("""{"score_threshold": 0.4}""")).Count);
        Assert.Equal(30, (await SearchAsync("""{"limit": "30"}""")).Count);
        var part = (await SearchAsync("""{"limit": 1, "return": ["tags__city"], "return_embeddings": true}""")).Single();
        Assert.Equal((null, "Oslo", 2), (part.Text, (string?)part.Tags["city"], part.Embedding!.Length));
    }

    [Fact]
    public async Task Documents_are_got_counted_and_deleted_by_filter()
    {
        Assert.Equal(30, (int)(await ResultAsync("/count", "{}"))["count"]!);
        Assert.Equal(10, (int)(await ResultAsync("/count", """{"filter": {"city": {"$eq": "Oslo"}}}"""))["count"]!);
        var got = await _flow.SendAsync("/get", [new Document("d05"), new Document("nobody")]);
        Assert.Equal(("text of d05", FlowErrorCode.NotFound), (got[0].Text, got[1].Error!.Code));

        var page = await _flow.ReplyAsync("/get", [], """{"limit": 8, "filter": {"city": {"$eq": "Oslo"}}}""");
        var cursor = (string)page.Results!.Single().Value!["cursor"]!;
        var rest = await _flow.ReplyAsync("/get", [], $$$"""{"filter": {"city": {"$eq": "Oslo"}}, "limit": 8, "cursor": "{{{cursor}}}" }""");
        Assert.Equal((8, 2), (page.Documents.Count, rest.Documents.Count));
        Assert.Null(rest.Results!.Single().Value!["cursor"]);

        Assert.Equal(10, (int)(await ResultAsync("/delete", """{"filter": {"city": {"$eq": "Oslo"}}}"""))["deleted"]!);
        Assert.Equal(20, (int)(await ResultAsync("/status", "{}"))["num_docs"]!);
    }

    [Fact]
    public async Task An_update_without_an_embedding_changes_the_tags_that_it_names()
    {
        var change = new Document("d01");
        (change.Tags["city"], change.Tags["seen"]) = ("Oslo", true);
        Assert.Null((await _flow.SendAsync("/update", [change]))[0].Error);
        var after = (await _flow.SendAsync("/get", [new Document("d01")]))[0];
        Assert.Equal(("text of d01", "Oslo", true), (after.Text, (string?)after.Tags["city"], (bool)after.Tags["seen"]!));
        Assert.Equal(["d00", "d01", "d03"], (await SearchAsync("""{"limit": 3, "filter": {"city": {"$eq": "Oslo"}}}""")).Select(match => match.Id));

        var removal = new Document("d01");
        removal.Tags["city"] = null;
        await _flow.SendAsync("/update", [removal, new Document("nobody")]);
        Assert.Equal(9 + 1, (int)(await ResultAsync("/count", """{"filter": {"city": {"$eq": "Oslo"}}}"""))["count"]!);
    }

    [Theory]
    [InlineData("/search", """{"filter": {"city": {"$eqq": "Oslo"}}}""", "parameters.filter: tags__city.$eqq: unknown operator '$eqq'; did you mean '$eq'?")]
    [InlineData("/search", """{"filter": "city"}""", "parameters.filter: The query: expected an object")]
    [InlineData("/search", """{"filter": {"embedding": {"$exists": true}}}""", "parameters.filter: embedding: no store has it")]
    [InlineData("/search", """{"filters": {"city": {"$eq": "Oslo"}}}""", "parameters.filters: it is read by no executor that answers '/search'; did you mean 'filter'?")]
    [InlineData("/search", """{"offset": -1}""", "parameters.offset: -1 is not a whole number from 0 to 100000")]
    [InlineData("/search", """{"limit": 10000, "offset": 99000}""", "parameters.offset: with the limit it reaches beyond 100000")]
    [InlineData("/search", """{"return": ["txt"]}""", "parameters.return[0]: a document has no field 'txt' that could be returned; did you mean 'text'?")]
    [InlineData("/search", """{"score_threshold": 1e39}""", "parameters.score_threshold: 1E+39 is not a number from")]
    [InlineData("/search", """{"ids": ["a"]}""", "parameters.ids: it is read by no executor that answers '/search'")]
    [InlineData("/delete", """{"ids": ["a"], "filter": {}}""", "parameters.filter: it stands beside documents or ids")]
    [InlineData("/delete", """{"limit": 3}""", "parameters.limit: it is read by no executor that answers '/delete'")]
    [InlineData("/index", """{"limit": 3}""", "parameters.limit: it is read by no executor that answers '/index'; they read none")]
    [InlineData("/get", """{"ids": ["a"], "cursor": "3"}""", "parameters.cursor: it stands beside documents or ids")]
    [InlineData("/get", """{"cursor": "x"}""", "parameters.cursor: 'x' is none")]
    public async Task What_is_wrong_is_refused_by_name_and_nothing_is_done(string endpoint, string parameters, string expected)
    {
        var error = (await _flow.ReplyAsync(endpoint, [], parameters)).Error;
        Assert.Equal(FlowErrorCode.InvalidArgument, error!.Code);
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(30, (int)(await ResultAsync("/status", "{}"))["num_docs"]!);
    }

    [Fact]
    public async Task In_shards_what_each_of_them_finds_is_merged()
    {
        await using var flow = await TestFlow.StartAsync("- { name: indexer, uses: VectorIndexer, shards: 2, polling: { /index: hash, /search: all, /get: all, /count: all } }");
        await flow.SendAsync("/index", Enumerable.Range(0, 12).Select(i => Doc($"d{i:00}", 1, i)));
        Assert.Equal(["d00", "d01", "d02"], (await flow.SendAsync("/search", [Doc("q", 1, 0)], """{"limit": 3, "filter": {"id": {"$lt": "d09"}}}"""))[0].Matches.Select(match => match.Id));
        var got = await flow.SendAsync("/get", [], """{"ids": ["d05", "d06", "d07", "nobody"]}""");
        Assert.Equal(["d05", "d06", "d07"], got.Select(document => document.Id).Order());
        Assert.All(got, document => Assert.Null(document.Error));
        var counts = (await flow.ReplyAsync("/count", [])).Results!;
        Assert.Equal(12, (int)counts["indexer/shard-0/rep-0"]!["count"]! + (int)counts["indexer/shard-1/rep-0"]!["count"]!);
    }

    private async Task<DocumentArray> SearchAsync(string parameters) => (await _flow.SendAsync("/search", [Doc("q", 1, 0)], parameters))[0].Matches;

    private async Task<System.Text.Json.Nodes.JsonNode> ResultAsync(string endpoint, string parameters)
    {
        var reply = await _flow.ReplyAsync(endpoint, [], parameters);
        Assert.Null(reply.Error);
        return reply.Results!.Single().Value!;
    }
}
