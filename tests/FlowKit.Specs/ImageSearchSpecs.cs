using System.Text.Json.Nodes;
using FlowKit.Specs.Running;
using FlowKit.Tests;

namespace FlowKit.Specs;

/// <summary>What a newcomer does with flows/image-search.</summary>
public sealed class ImageSearchSpecs(ImageSearch search) : IClassFixture<ImageSearch>
{
    [Theory]
    [InlineData("red apple", "pictures/red-apple.jpg")]
    [InlineData("a red apple", "pictures/red-apple.jpg")]
    [InlineData("blue triangle", "pictures/blue-triangle.jpg")]
    public async Task Words_find_the_picture(string words, string picture) =>
        Assert.Equal(picture, (await search.SearchAsync(new JsonObject { ["text"] = words }, 5))[0]);

    [Fact]
    public async Task A_picture_finds_itself_first()
    {
        var bytes = await File.ReadAllBytesAsync(Repository.At("flows", "image-search", "pictures", "red-apple.jpg"));

        var found = await search.SearchAsync(new JsonObject { ["blob"] = Convert.ToBase64String(bytes) }, 3);

        Assert.Equal("pictures/red-apple.jpg", found[0]);
    }

    [Fact]
    public async Task The_command_line_finds_the_same_and_prints_a_line_a_document()
    {
        var result = await FlowKitCommand.RunAsync("post", search.Flow.Address, "--on", "/search", "--text", "red apple", "--limit", "2");

        Assert.Equal(0, result.ExitCode);
        var document = JsonNode.Parse(Assert.Single(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)))!;
        Assert.Equal("pictures/red-apple.jpg", (string?)document["matches"]![0]!["uri"]);
        Assert.Equal(2, document["matches"]!.AsArray().Count);
    }

    [Fact]
    public async Task Scores_are_a_cosine_and_probabilities_that_sum_to_one()
    {
        var reply = await ImageSearch.PostAsync(search.Flow.Http, "/search", JsonNode.Parse("""{"data":[{"text":"a dog"}],"parameters":{"limit":50}}""")!);
        var scores = reply["data"]![0]!["matches"]!.AsArray().Select(match => match!["scores"]!).ToList();

        Assert.Equal(1, scores.Sum(score => (double)score["clip_score"]!["value"]!), 3);
        Assert.Equal(scores.OrderByDescending(score => (float)score["clip_score_cosine"]!["value"]!), scores);
    }

    [Fact]
    public async Task A_bad_picture_fails_alone()
    {
        var body = JsonNode.Parse("""{"data":[{"id":"good","text":"red apple"},{"id":"bad","blob":"bm90IGFuIGltYWdl"}]}""")!;

        var reply = await ImageSearch.PostAsync(search.Flow.Http, "/search?nulls=false", body);

        var good = reply["data"]!.AsArray().Single(document => (string?)document!["id"] == "good")!;
        var bad = reply["data"]!.AsArray().Single(document => (string?)document!["id"] == "bad")!;
        Assert.NotEmpty(good["matches"]!.AsArray());
        Assert.Equal("decoder", (string?)bad["error"]!["executor"]);
        Assert.Contains("not an image", (string?)bad["error"]!["description"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_routes_tell_how_long_each_executor_took()
    {
        var reply = await ImageSearch.PostAsync(search.Flow.Http, "/search", JsonNode.Parse("""{"data":[{"text":"x"}]}""")!);

        var executors = reply["routes"]!.AsArray().Select(route => (string)route!["executor"]!).ToList();
        Assert.Equal("gateway", executors[0]);
        Assert.Equal(["decoder", "image_encoder", "indexer", "ranker", "text_encoder"], executors.Skip(1).Order());
    }

    [SharedDataFact]
    public async Task Two_hundred_photographs_are_indexed_and_each_is_found_by_itself()
    {
        using var folder = new TemporaryFolder();
        await using var flow = await RunningFlow.StartAsync(Repository.At("flows", "image-search", "flow.yml"), folder.Path, "--set", "on_start=[]");
        var photos = SharedData.At("data", "photos");

        var indexed = await FlowKitCommand.RunAsync("post", flow.Address, "--on", "/index", "--inputs", $"{photos}/*.jpg", "--request-size", "20");
        var found = await FlowKitCommand.RunAsync("post", flow.Address, "--on", "/search", "--inputs", $"{photos}/*.jpg", "--request-size", "20", "--limit", "1");

        Assert.Equal((0, 0), (indexed.ExitCode, found.ExitCode));
        var documents = found.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(200, documents.Count);
        Assert.All(documents, document => Assert.Equal((string?)document["uri"], (string?)document["matches"]![0]!["uri"]));
    }
}
