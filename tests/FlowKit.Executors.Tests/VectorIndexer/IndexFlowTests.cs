namespace FlowKit.Executors.Tests.Indexing;

/// <summary>The indexer as a flow runs it: two replicas over one index, parameters as JSON.</summary>
public sealed class IndexFlowTests : IAsyncLifetime
{
    private TestFlow _flow = null!;

    public async Task InitializeAsync() => _flow = await TestFlow.StartAsync("- { name: indexer, uses: VectorIndexer, replicas: 2 }");

    public Task DisposeAsync() => _flow.DisposeAsync().AsTask();

    [Fact]
    public async Task Replicas_share_one_index()
    {
        await Parallel.ForAsync(0, 40, async (i, _) => Assert.Null((await _flow.SendAsync("/index", [IndexUnderTest.Doc($"d{i}", 1, i)]))[0].Error));
        await Parallel.ForAsync(0, 40, async (i, _) => Assert.Equal($"d{i}", (await _flow.SendAsync("/search", [IndexUnderTest.Doc("q", 1, i)], """{"limit": 1}"""))[0].Matches.Single().Id));

        var status = (await _flow.ReplyAsync("/status", [])).Results!.Single().Value!;
        Assert.Equal((40, 2, "cosine"), ((int)status["num_docs"]!, (int)status["dimension"]!, (string)status["metric"]!));
        var deleted = (await _flow.ReplyAsync("/delete", [new Document("d1")], """{"ids": ["d2", "nobody"]}""")).Results!.Single().Value!;
        Assert.Equal(2, (int)deleted["deleted"]!);
    }

    [Theory]
    [InlineData("""{"limit": "ten"}""")]
    [InlineData("""{"limit": 0}""")]
    [InlineData("""{"limit": 1e9}""")]
    public async Task A_limit_that_is_none_fails_the_request_by_name_and_the_next_one_is_served(string parameters)
    {
        var error = (await _flow.ReplyAsync("/search", [IndexUnderTest.Doc("q", 1)], parameters)).Error;

        Assert.Equal((FlowErrorCode.InvalidArgument, "indexer"), (error!.Code, error.Executor));
        Assert.Contains("parameters.limit", error.Message, StringComparison.Ordinal);
        Assert.Null((await _flow.SendAsync("/search", [IndexUnderTest.Doc("q", 1)]))[0].Error);
    }

    [Fact]
    public async Task Ids_that_are_null_are_no_ids() =>
        Assert.Null((await _flow.ReplyAsync("/delete", [new Document("a")], """{"ids": null}""")).Error);
}
