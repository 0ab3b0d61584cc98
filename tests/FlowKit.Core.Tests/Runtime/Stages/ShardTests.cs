using FlowKit.TestKit;

namespace FlowKit.Runtime.Stages;

public sealed class ShardTests
{
    private const string Sharded = "jtype: Flow\nexecutors:\n  - {name: a, uses: Store, shards: 3}\n";

    [Executor("Store")]
    public sealed class Store : Executor
    {
        private readonly Dictionary<string, float> _kept = [];

        [Requests("/index"), Write]
        public void Index(DocumentArray documents)
        {
            foreach (var document in documents)
            {
                _kept[document.Id] = document.Weight ?? 0;
            }
        }

        [Requests("/search")]
        public void Search(DocumentArray documents, Parameters parameters)
        {
            if (parameters.Get("fails", -1) == Context.ShardId)
            {
                throw new InvalidOperationException("the disk is gone");
            }

            foreach (var document in documents)
            {
                foreach (var (id, distance) in _kept.OrderBy(pair => pair.Value).Take(parameters.Get("limit", 10)))
                {
                    var match = new Document(id) { ParentId = $"{Context.ShardId}" };
                    match.Scores["euclidean"] = new NamedScore(distance);
                    document.Matches.Add(match);
                }
            }
        }
    }

    private static async Task<TestFlow> StartAsync(string yaml)
    {
        var flow = await TestFlow.StartAsync(yaml, typeof(Store));
        for (var i = 0; i < 30; i++)
        {
            Assert.Null((await flow.PostAsync("/index", new Document($"{i:00}") { Weight = (i * 7) % 30 })).Error);
        }

        return flow;
    }

    private static Task<FlowResponse> SearchAsync(TestFlow flow, System.Text.Json.Nodes.JsonObject parameters) =>
        flow.Runtime.SendAsync(new FlowRequest("/search", [new Document("q1"), new Document("q2")]) { Parameters = new Parameters(parameters) }, CancellationToken.None).WithTimeout();

    [Theory]
    [InlineData("")]
    [InlineData(", polling: hash")]
    public async Task What_is_indexed_in_any_shard_is_found_by_asking_all_sorted_and_cut_to_the_limit(string polling)
    {
        await using var flow = await StartAsync(Sharded.Replace("shards: 3", "shards: 3" + polling, StringComparison.Ordinal));

        var reply = await SearchAsync(flow, new() { ["limit"] = 5 });

        Assert.Null(reply.Error);
        Assert.Equal(["q1", "q2"], reply.Documents.Select(document => document.Id));
        Assert.All(reply.Documents, document => Assert.Equal([0f, 1, 2, 3, 4], document.Matches.Select(match => match.Scores["euclidean"].Value)));
        Assert.True(reply.Documents[0].Matches.Select(match => match.ParentId).Distinct().Count() > 1);
        Assert.Equal(["gateway", "a"], reply.Routes.Select(route => route.Executor));
    }

    [Fact]
    public async Task A_failed_shard_is_told_beside_the_answer_of_the_others()
    {
        await using var flow = await StartAsync(Sharded);

        var reply = await SearchAsync(flow, new() { ["limit"] = 5, ["fails"] = 1 });

        Assert.Null(reply.Error);
        Assert.Equal(5, reply.Documents[0].Matches.Count);
        Assert.DoesNotContain("1", reply.Documents[0].Matches.Select(match => match.ParentId));
        Assert.Equal((3, 1), (reply.Results!["a"]!["total_shards"]!.GetValue<int>(), reply.Results["a"]!["failed_shards"]!.GetValue<int>()));
        Assert.Equal("the disk is gone", reply.Routes[1].Error!.Message);
    }

    [Fact]
    public async Task A_failed_shard_fails_the_request_when_asked_to()
    {
        await using var flow = await StartAsync(Sharded.Replace("shards: 3", "shards: 3, fail_on_shard_error: true", StringComparison.Ordinal));

        Assert.Equal("the disk is gone", (await SearchAsync(flow, new() { ["fails"] = 1 })).Error!.Message);
    }

    [Fact]
    public async Task Each_shard_has_a_workspace_and_a_number_of_its_own()
    {
        await using var flow = await TestFlow.StartAsync(Sharded, typeof(Store));

        Assert.Equal([0, 1, 2], flow.Runtime.Health.Select(health => health.Shard));
        Assert.True(Directory.Exists(Path.Combine(flow.Config.BaseDirectory, "workspace", "a", "2")));
        if (!OperatingSystem.IsWindows())
        {
            foreach (var folder in (string[])["workspace", "workspace/a", "workspace/a/2"])
            {
                var mode = File.GetUnixFileMode(Path.Combine(flow.Config.BaseDirectory, folder));
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, mode);
            }
        }
    }
}
