namespace FlowKit.Executors.Tests.Postgres;

/// <summary>The indexer as a flow runs it.</summary>
public sealed class PgVectorIndexerTests
{
    [PostgresFact]
    public async Task Two_flows_share_a_table_and_each_sees_what_the_other_writes()
    {
        var options = PostgresServer.Options("shared");
        await using var one = await StartAsync(options);
        await using var two = await StartAsync(options);
        var documents = Enumerable.Range(0, 60).Select(i =>
        {
            var document = new Document($"d{i:00}") { Text = $"photo {i}", Embedding = NdArray.Wrap(new[] { 1f, i }) };
            document.Tags["city"] = i % 3 == 0 ? "Oslo" : "Bergen";
            return document;
        });
        Assert.All(await one.SendAsync("/index", documents), document => Assert.Null(document.Error));
        var found = await two.SendAsync("/search", [new Document("q") { Embedding = NdArray.Wrap(new[] { 1f, 0 }) }], """{"limit": 3, "filter": {"city": {"$eq": "Oslo"}}}""");
        Assert.Equal(["d00", "d03", "d06"], found[0].Matches.Select(match => match.Id));
        Assert.Equal("photo 3", found[0].Matches[1].Text);
        var deleted = await two.ReplyAsync("/delete", [], """{"filter": {"city": {"$eq": "Bergen"}}}""");
        Assert.Equal(40, (int)deleted.Results!.Single().Value!["deleted"]!);
        Assert.Equal(20, (int)(await one.ReplyAsync("/status", [])).Results!.Single().Value!["num_docs"]!);
        var refused = (await one.ReplyAsync("/search", [new Document("q") { Embedding = NdArray.Wrap(new[] { 1f, 0 }) }], """{"filter": {"text__icontains": "X"}}""")).Error!;
        Assert.Contains("parameters.filter: text.icontains: PostgreSQL has other rules for letters", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Username=me;Password=secret-word;Timeout=2", FlowErrorCode.Unavailable, "127.0.0.1:1")]
    [InlineData("Nonsense=secret-word", FlowErrorCode.InvalidArgument, "connection_string")]
    public async Task A_server_that_is_not_there_is_named_without_the_password(string connection, FlowErrorCode code, string named)
    {
        var indexer = Executor.Construct(new ExecutorContext(), () => new PgVectorIndexer(new PgVectorIndexerOptions { ConnectionString = connection }));
        var error = await Assert.ThrowsAsync<FlowKitException>(() => indexer.LoadAsync(CancellationToken.None));
        Assert.Equal(code, error.Error.Code);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-word", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shards_and_a_missing_connection_are_refused_by_name()
    {
        var sharded = Executor.Construct(new ExecutorContext { Shards = 2 }, () => new PgVectorIndexer(new PgVectorIndexerOptions { ConnectionString = "Host=nowhere" }));
        Assert.StartsWith("shards: 2:", (await Assert.ThrowsAsync<FlowKitException>(() => sharded.LoadAsync(CancellationToken.None))).Message, StringComparison.Ordinal);
        var bare = Executor.Construct(new ExecutorContext(), () => new PgVectorIndexer(new PgVectorIndexerOptions()));
        Assert.StartsWith("connection_string: there is none", (await Assert.ThrowsAsync<FlowKitException>(() => bare.LoadAsync(CancellationToken.None))).Message, StringComparison.Ordinal);
    }

    private static Task<TestFlow> StartAsync(PgVectorIndexerOptions options) => TestFlow.StartAsync(
        $"- {{ name: indexer, uses: PgVectorIndexer, uses_with: {{ connection_string: '{options.ConnectionString}', table: {options.Table} }} }}");
}
