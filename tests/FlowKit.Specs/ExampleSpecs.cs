using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FlowKit.Specs.Running;

namespace FlowKit.Specs;

/// <summary>The small flows under flows/, each run as its first lines say.</summary>
public sealed class ExampleSpecs : IDisposable
{
    /// <summary>A little less than the journal takes for its lines.</summary>
    private static readonly TimeSpan s_journal = TimeSpan.FromMilliseconds(900);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Task<RunningFlow> StartAsync(string name) => RunningFlow.StartAsync(Repository.At("flows", name, "flow.yml"), _folder.Path);

    private static async Task<List<JsonNode>> PostAsync(RunningFlow flow, params string[] arguments)
    {
        var result = await FlowKitCommand.RunAsync(["post", flow.Address, .. arguments, "--output", "jsonl"]);
        Assert.True(result.ExitCode == 0, result.Errors);
        return [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    [Fact]
    public async Task Routes_takes_each_document_its_own_way_and_nobody_waits_for_the_journal()
    {
        await using var flow = await StartAsync("routes");
        await PostAsync(flow, "--text", "warm up");

        // Who waited for the journal would always take a second; a busy machine may, once.
        JsonNode reply;
        TimeSpan took;
        var tries = 0;
        do
        {
            var began = Stopwatch.GetTimestamp();
            reply = await ImageSearch.PostAsync(flow.Http, "/post?nulls=false", JsonNode.Parse("""{"data":[{"id":"1","text":"red or green?"},{"id":"2","text":"apples are ripe"},{"id":"3","text":"why?"}]}""")!);
            took = Stopwatch.GetElapsedTime(began);
        }
        while (took > s_journal && ++tries < 5);

        var exitCode = await flow.StopAsync();

        Assert.Equal(
            ["""{"questions":true,"all":true}""", """{"notes":true,"all":true}""", """{"questions":true,"all":true}"""],
            reply["data"]!.AsArray().Select(document => document!["tags"]!.ToJsonString()));
        Assert.InRange(took, TimeSpan.Zero, s_journal);
        Assert.Equal(0, exitCode);
        Assert.Equal(
            ["1 red or green?", "2 apples are ripe", "3 why?"],
            (await File.ReadAllLinesAsync(Path.Combine(_folder.Path, "journal", "0", "journal.txt"))).TakeLast(3));
        Assert.DoesNotContain("fail:", flow.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_sends_each_word_through_both_executors_before_the_next_is_made()
    {
        await using var flow = await StartAsync("stream");
        using var client = new Client.FlowClient(flow.Address);
        var words = new List<string>();
        var times = new List<TimeSpan>();

        // The first stream of a process compiles what reads it while its words wait.
        await foreach (var document in client.StreamAsync("/words", [new Document { Text = "none" }]))
        {
            Assert.Equal("NONE", document.Text);
        }

        var began = Stopwatch.GetTimestamp();
        await foreach (var document in client.StreamAsync("/words", [new Document { Text = "one two three four" }]))
        {
            words.Add(document.Text!);
            times.Add(Stopwatch.GetElapsedTime(began));
        }

        var command = await PostAsync(flow, "--on", "/words", "--text", "one two", "--stream");

        Assert.Equal(["ONE", "TWO", "THREE", "FOUR"], words);
        Assert.True(times[3] - times[0] > TimeSpan.FromMilliseconds(200), $"all at once: {string.Join(", ", times)}");
        Assert.Equal(["ONE", "TWO"], command.Select(document => (string)document["text"]!));
    }

    [Fact]
    public async Task Shards_hold_a_part_each_and_a_search_keeps_the_best_of_all()
    {
        await using var flow = await StartAsync("shards");
        var words = Enumerable.Range(0, 60).Select(i => new JsonObject { ["id"] = $"w{i}", ["text"] = $"{(char)('a' + (i % 26))}{new string('z', i)}" });
        var indexed = await ImageSearch.PostAsync(flow.Http, "/index", new JsonObject { ["data"] = new JsonArray([.. words]) });
        var fruit = await PostAsync(flow, "--on", "/index", "--text", "apple", "--text", "pear", "--text", "apple pie");

        var found = await PostAsync(flow, "--on", "/search", "--text", "apples", "--limit", "2");
        var status = await ImageSearch.PostAsync(flow.Http, "/post", JsonNode.Parse("""{"execEndpoint":"/status"}""")!);
        var deleted = await ImageSearch.PostAsync(flow.Http, "/post", JsonNode.Parse("""{"execEndpoint":"/delete","parameters":{"ids":["w0","w1","w2","w3","w4","w5"]}}""")!);

        Assert.Null(indexed["header"]!["status"]);
        Assert.Equal(Enumerable.Range(0, 60).Select(i => $"w{i}"), indexed["data"]!.AsArray().Select(document => (string)document!["id"]!));
        Assert.All(fruit, document => Assert.Equal(3, (int)document["tags"]!["batch"]!));
        Assert.Equal(["apple", "apple pie"], found[0]["matches"]!.AsArray().Select(match => (string)match!["text"]!));
        var counts = Enumerable.Range(0, 3).Select(shard => (int)status["parameters"]!["__results__"]![$"indexer/shard-{shard}/rep-0"]!["num_docs"]!).ToList();
        Assert.Equal(63, counts.Sum());
        Assert.All(counts, count => Assert.InRange(count, 5, 40));
        Assert.Equal(6, Enumerable.Range(0, 3).Sum(shard => (int)deleted["parameters"]!["__results__"]![$"indexer/shard-{shard}/rep-0"]!["deleted"]!));
    }

    [Fact]
    public async Task Clip_as_service_indexes_pictures_finds_them_by_words_and_ranks_candidates()
    {
        await using var flow = await StartAsync("clip-as-service");
        var pictures = new[] { "dog", "banana", "airplane", "red-apple" }.Select(name => new JsonObject { ["id"] = name, ["blob"] = Convert.ToBase64String(File.ReadAllBytes(Repository.At("flows", "image-search", "pictures", $"{name}.jpg"))) }).ToArray();
        var candidates = new JsonArray([.. pictures.Select(picture => picture.DeepClone())]);
        var indexed = await ImageSearch.PostAsync(flow.Http, "/index", new JsonObject { ["data"] = new JsonArray([.. pictures]), ["parameters"] = new JsonObject { ["drop_image_content"] = true } });

        var found = await PostAsync(flow, "--on", "/search", "--text", "a banana", "--limit", "1");
        var encoded = await PostAsync(flow, "--text", "a red apple");
        var ranked = await ImageSearch.PostAsync(flow.Http, "/post", new JsonObject { ["execEndpoint"] = "/rank", ["data"] = new JsonArray(new JsonObject { ["text"] = "an airplane", ["matches"] = candidates }) });

        Assert.Null(indexed["header"]!["status"]);
        Assert.Equal("banana", (string)found[0]["matches"]!.AsArray().Single()!["id"]!);
        Assert.Equal(512, encoded[0]["embedding"]!.AsArray().Count);
        var matches = ranked["data"]![0]!["matches"]!.AsArray();
        Assert.Equal("airplane", (string)matches[0]!["id"]!);
        Assert.Equal(1, matches.Sum(match => (double)match!["scores"]!["clip_score"]!["value"]!), 1e-4);
    }

    [Fact]
    public async Task Clip_as_service_tells_which_picture_is_bad()
    {
        await using var flow = await StartAsync("clip-as-service");

        var reply = await ImageSearch.PostAsync(
            flow.Http, "/post", JsonNode.Parse("""{"execEndpoint": "/encode", "data": [{"text": "ok"}, {"id": "bad", "blob": "bm90YW5pbWFnZQ=="}]}""")!);

        var status = reply["header"]!["status"]!;
        Assert.Equal(1, (int)status["code"]!);
        Assert.StartsWith("data[1] ('bad'): ", (string)status["description"]!, StringComparison.Ordinal);
        Assert.Equal("ClipEncoder", (string)status["exception"]!["executor"]!);
        Assert.Equal(["clip"], reply["routes"]!.AsArray().Where(route => route!["status"] is not null).Select(route => (string)route!["executor"]!));
    }

    [Fact]
    public async Task Clip_as_service_tells_where_the_time_of_a_round_trip_goes()
    {
        await using var flow = await StartAsync("clip-as-service");
        var picture = Repository.At("flows", "image-search", "pictures", "dog.jpg");

        var tree = await FlowKitCommand.RunAsync("profile", flow.Address, "--text", "a photo of a cat", "--repeat", "3");
        var json = JsonNode.Parse((await FlowKitCommand.RunAsync("profile", flow.Address, "--on", "/encode", "--inputs", picture, "--output", "json")).Output)!;
        var nobody = await FlowKitCommand.RunAsync("profile", "http://localhost:1");

        Assert.Equal(0, tree.ExitCode);
        var lines = tree.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            ["Roundtrip", "├── Client-server network", "└── Server", "    ├── Gateway and queues", "    ├── clip", "    └── indexer"],
            lines.Select(line => Regex.Match(line, @"^(\s*\S.*?)(?: \(median of 3\))? {2,}[\d.]+ ms +\d+ %$").Groups[1].Value));
        Assert.Equal((double)json["total_ms"]!, (double)json["network_ms"]! + (double)json["queue_ms"]! + (double)json["busy_ms"]!, 0.01);
        Assert.Equal(["clip", "indexer"], json["executors"]!.AsArray().Select(executor => (string)executor!["executor"]!));
        Assert.Equal(10, (int)json["round_trips"]!);
        Assert.Equal(1, nobody.ExitCode);
    }
}
