using System.Text.Json.Nodes;
using FlowKit.TestKit;

namespace FlowKit.Serving.Gateway;

public sealed class DescriptionTests
{
    private const string Source = """
        public sealed class CutParameters
        {
            /// <summary>How many words stay.</summary>
            public int MaxWords { get; set; } = 3;
        }

        public sealed class Cutter : Executor
        {
            /// <summary>Keeps the first words of each text.</summary>
            [Requests("/cut")]
            public void Cut(DocumentArray documents, CutParameters parameters)
            {
            }

            [Requests("/index")]
            public void Index(DocumentArray documents)
            {
            }
        }
        """;

    [Fact]
    public async Task Endpoints_are_described_by_their_executors_own_types_and_comments()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "Cutter.cs"), Source);
        var yaml = "jtype: Flow\nexecutors: [{name: first, uses: ./Cutter.cs}, {name: second, uses: Cap}]\ngateway: {port: 0, expose_endpoints: {/cut: {}}}\n";
        await using var gateway = await TestGateway.StartAsync(yaml, new TestFlowOptions { Executors = [typeof(RecordedExecutor)], Folder = folder.Path });

        var description = JsonNode.Parse(await gateway.Http.GetStringAsync("/openapi.json"))!;

        var cut = description["paths"]!["/cut"]!["post"]!;
        Assert.Contains("first: Keeps the first words of each text.", cut["description"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("""["first"]""", cut["x-flowkit-executors"]!.ToJsonString());
        var reference = cut["requestBody"]!["content"]!["application/json"]!["schema"]!["$ref"]!.GetValue<string>();
        var schema = description["components"]!["schemas"]![reference.Split('/')[^1]]!;
        var words = schema["properties"]!["parameters"]!["properties"]!["max_words"]!;
        Assert.Equal("How many words stay.", words["description"]!.GetValue<string>());
        Assert.Contains("integer", words["type"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.NotNull(schema["properties"]!["data"]);
        Assert.Equal("""["first","second"]""", description["paths"]!["/index"]!["post"]!["x-flowkit-executors"]!.ToJsonString());
        Assert.Contains("`/cut`: first: Keeps", description["paths"]!["/post"]!["post"]!["description"]!.GetValue<string>(), StringComparison.Ordinal);
    }
}
