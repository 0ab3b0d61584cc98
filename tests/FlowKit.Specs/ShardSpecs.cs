using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using FlowKit.Specs.Running;

namespace FlowKit.Specs;

/// <summary>An index whose shards are processes of their own, asked by a flow in another process.</summary>
public sealed class ShardSpecs : IDisposable
{
    private const int Documents = 40;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_document_lies_in_one_shard_and_a_search_merges_what_they_find()
    {
        var first = await StartShardAsync(0);
        await using var second = await StartShardAsync(1);
        await using var flow = await StartFlowAsync(first.Address, second.Address);

        Assert.All(await PostAsync(flow, "/index", Enumerable.Range(0, Documents).Select(index => Document(index))), document => Assert.Null(document!["error"]));

        var (own, others) = (await CountAsync(first), await CountAsync(second));
        Assert.Equal(Documents, own + others);
        Assert.InRange(own, 1, Documents - 1);
        Assert.Equal(["0", "1", "2", "3", "4"], await FindAsync(flow, 0));
        Assert.Equal(["13", "14", "12", "15", "11"], await FindAsync(flow, 13.2));

        // One is killed: what lies in the other is found, and the reply tells of the one that failed.
        await first.KillAsync();
        var partial = await SearchAsync(flow, 0);
        Assert.Equal((2, 1), ((int)partial["parameters"]!["__results__"]!["indexer"]!["total_shards"]!, (int)partial["parameters"]!["__results__"]!["indexer"]!["failed_shards"]!));
        var port = new Uri(first.Address).Port;
        await first.DisposeAsync();

        // It comes back to its port and its folder: every document that was told as indexed is there.
        await using var again = await StartShardAsync(0, "--port", $"{port}");
        Assert.Equal(own, await CountAsync(again));
        await ReadyAsync(flow, 200, "");
        Assert.Equal(["0", "1", "2", "3", "4"], await FindAsync(flow, 0));
    }

    [Fact]
    public async Task Shards_at_each_others_address_are_told_and_nothing_is_written()
    {
        await using var first = await StartShardAsync(0);
        await using var second = await StartShardAsync(1);
        await using var flow = await StartFlowAsync(second.Address, first.Address);

        var reply = await ImageSearch.PostAsync(flow.Http, "/index", new JsonObject { ["data"] = new JsonArray(Document(1)) });

        Assert.Contains("this is shard ", (string)reply["header"]!["status"]!["description"]!, StringComparison.Ordinal);
        Assert.Equal((0, 0), (await CountAsync(first), await CountAsync(second)));
        await ReadyAsync(flow, 503, "of 'indexer' and not shard ");
    }

    private Task<RunningFlow> StartShardAsync(int shard, params string[] arguments) => RunningFlow.StartExecutorAsync(
        _folder.Path, ["--uses", "VectorIndexer", "--name", "indexer", "--shard", $"{shard}", "--shards", "2", .. arguments]);

    private Task<RunningFlow> StartFlowAsync(params string[] addresses) => RunningFlow.StartAsync(
        _folder.File("flow.yml", $$"""
            jtype: Flow
            executors:
              - name: indexer
                external: true
                host: ['{{addresses[0]}}', '{{addresses[1]}}']
                shards: 2
                polling: {/index: hash, /search: all}

            """), _folder.Path);

    /// <summary>A direction in a quarter of a circle.</summary>
    private static JsonObject Document(double part) => new()
    {
        ["id"] = string.Create(CultureInfo.InvariantCulture, $"{part}"),
        ["embedding"] = new JsonArray(Math.Cos(part * Math.Tau / 4 / Documents), Math.Sin(part * Math.Tau / 4 / Documents)),
    };

    private static async Task<JsonArray> PostAsync(RunningFlow flow, string path, IEnumerable<JsonObject> documents)
    {
        var reply = await ImageSearch.PostAsync(flow.Http, path, new JsonObject { ["data"] = new JsonArray([.. documents]) });
        return reply["data"]!.AsArray();
    }

    private static Task<JsonObject> SearchAsync(RunningFlow flow, double part) => ImageSearch.PostAsync(
        flow.Http, "/search", new JsonObject { ["data"] = new JsonArray(Document(part)), ["parameters"] = new JsonObject { ["limit"] = 5 } });

    private static async Task<IEnumerable<string>> FindAsync(RunningFlow flow, double part) =>
        (await SearchAsync(flow, part))["data"]![0]!["matches"]!.AsArray().Select(match => (string)match!["id"]!);

    private static async Task ReadyAsync(RunningFlow flow, int status, string text)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            using var response = await flow.Http.GetAsync("/ready");
            var told = await response.Content.ReadAsStringAsync();
            if ((int)response.StatusCode == status && told.Contains(text, StringComparison.Ordinal))
            {
                return;
            }

            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30), told);
            await Task.Delay(100);
        }
    }

    /// <summary>Asks a shard itself how many documents it has.</summary>
    private async Task<int> CountAsync(RunningFlow shard)
    {
        await using var alone = await RunningFlow.StartAsync(
            _folder.File("alone.yml", $"jtype: Flow\nexecutors:\n  - {{name: alone, external: true, host: '{shard.Address}'}}\n"), _folder.Path);
        var reply = await ImageSearch.PostAsync(alone.Http, "/post", JsonNode.Parse("""{"data":[],"execEndpoint":"/count"}""")!);
        return (int)reply["parameters"]!["__results__"]!.AsObject().Single().Value!["count"]!;
    }
}
