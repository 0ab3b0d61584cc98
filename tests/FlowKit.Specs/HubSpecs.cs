using System.Text.Json.Nodes;
using FlowKit.Specs.Running;

namespace FlowKit.Specs;

/// <summary>The YAML of the CLIP image encoder's first README, as it is written there.</summary>
public sealed class HubSpecs : IDisposable
{
    private const string AsWritten = """
        jtype: Flow
        pods:
          - name: encoder
            uses: 'jinahub+docker://ClipImageEncoder:v1'
            volumes: '/your_home_folder/.cache/clip:/root/.cache/clip'

        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_flow_that_names_the_hub_runs_as_it_is_written()
    {
        await using var flow = await RunningFlow.StartAsync(_folder.File("flow.yml", AsWritten), _folder.Path);
        var picture = Convert.ToBase64String(await File.ReadAllBytesAsync(Repository.At("flows", "image-search", "pictures", "red-apple.jpg")));
        Assert.Contains("volumes: ignored:", flow.Log, StringComparison.Ordinal);

        var reply = await ImageSearch.PostAsync(flow.Http, "/post", JsonNode.Parse($$"""{"execEndpoint":"/foo","data":[{"blob":"{{picture}}"},{"tensor":{{Pixels()}}}]}""")!);

        Assert.Null(reply["header"]!["status"]);
        Assert.All(reply["data"]!.AsArray(), document => Assert.NotEmpty(document!["embedding"]!.AsArray()));
    }

    /// <summary>The README's example: 128 × 64 random pixels posted to <c>/foo</c>, and a callback that looks at the shape.</summary>
    [Fact]
    public async Task Its_example_posts_pixels_and_its_callback_sees_512_floats()
    {
        await using var flow = await RunningFlow.StartAsync(_folder.File("flow.yml", AsWritten), _folder.Path);
        await using var client = new Client.FlowClient(flow.Address);
        var pixels = new byte[128 * 64 * 3];
        new Random(0).NextBytes(pixels);
        var shapes = new List<string>();

        await foreach (var _ in client.PostAsync("/foo", Client.Inputs.Of(NdArray.Wrap(pixels, 128, 64, 3)), new Client.PostOptions { OnDone = CheckEmbedding }))
        {
        }

        Assert.Equal(["[512]"], shapes);

        void CheckEmbedding(Wire.DataRequest reply) => shapes.AddRange(reply.Documents.Where(document => document.Embedding is { Type: NdType.Float32 }).Select(document => document.Embedding!.ShapeText));
    }

    /// <summary>A small picture as nested lists: 2 × 3 pixels.</summary>
    private static string Pixels() => "[[[255,0,0],[0,255,0],[0,0,255]],[[0,0,0],[255,255,255],[9,9,9]]]";

    [Fact]
    public async Task A_name_in_the_environment_may_stand_for_a_file()
    {
        _folder.File("Upper.cs", await File.ReadAllTextAsync(Repository.At("flows", "hello", "Upper.cs")));
        var path = _folder.File("flow.yml", "jtype: Flow\nexecutors:\n  - {name: a, uses: 'jinaai://me/Shouter:v2'}\n");

        var refused = await FlowKitCommand.RunAsync("check", path);
        var start = FlowKitCommand.StartInfo("check", path);
        start.Environment["FLOWKIT_HUB"] = "{Shouter: ./Upper.cs}";
        using var process = System.Diagnostics.Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains($"{path}:3:21: uses: nothing here stands for 'jinaai://me/Shouter:v2'", refused.Errors, StringComparison.Ordinal);
        Assert.Equal((0, "gateway -> a (./Upper.cs)\nok\n"), (process.ExitCode, output));
    }
}
