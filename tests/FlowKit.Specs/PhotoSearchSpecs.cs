using System.Text.Json.Nodes;
using FlowKit.Client;
using FlowKit.Clip;
using FlowKit.Specs.Running;
using FlowKit.Tests;

namespace FlowKit.Specs;

/// <summary>Aiven's workshop on multimodal search line by line: its own photographs, with flows/photos instead of Python and a database server.</summary>
public sealed class PhotoSearchSpecs(PhotoSearchSpecs.IndexedPhotos photos) : IClassFixture<PhotoSearchSpecs.IndexedPhotos>
{
    private const int Batch = 100;

    private static string[] Files => Directory.GetFiles(SharedData.At("data", "photos"), "*.jpg");

    private static Task<CommandResult> IndexAsync(RunningFlow flow, params string[] inputs) =>
        FlowKitCommand.RunAsync(["post", flow.Address, "--on", "/index", "--request-size", $"{Batch}", "--output", "jsonl", "--inputs", .. inputs]);

    private static List<JsonNode> Documents(CommandResult result) => [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];

    private static async Task<JsonNode> StatusAsync(RunningFlow flow) =>
        (await ImageSearch.PostAsync(flow.Http, "/post", JsonNode.Parse("""{"execEndpoint": "/status"}""")!))["parameters"]!["__results__"]!["photos/rep-0"]!;

    [SharedDataFact]
    public async Task Every_photograph_of_the_folder_is_embedded_and_kept()
    {
        Assert.True(photos.Command.ExitCode == 0, photos.Command.Errors);
        Assert.Equal(Files.Order(StringComparer.Ordinal), Documents(photos.Command).Select(document => (string)document["uri"]!).Order(StringComparer.Ordinal));
        Assert.All(Documents(photos.Command), document => Assert.Null(document["blob"]));

        var status = await StatusAsync(photos.Flow);
        Assert.Equal((Files.Length, 512, "cosine"), ((int)status["num_docs"]!, (int)status["dimension"]!, (string)status["metric"]!));
        Assert.StartsWith("tiny-clip@", (string)status["model"]!, StringComparison.Ordinal);
    }

    [SharedDataFact]
    public async Task A_second_run_in_batches_of_100_finds_the_same_documents_and_adds_none()
    {
        await using var client = new FlowClient(photos.Flow.Address);
        var sizes = new List<int>();
        var ids = new List<string>();
        await foreach (var reply in client.PostAsync("/index", Client.Inputs.Files(Files.Order(StringComparer.Ordinal)), new PostOptions { RequestSize = Batch, ResultsInOrder = true }))
        {
            Assert.All(reply.Documents, document => Assert.Null(document.Error));
            sizes.Add(reply.Documents.Count);
            ids.AddRange(reply.Documents.Select(document => document.Id));
        }

        Assert.Equal([.. Enumerable.Repeat(Batch, Files.Length / Batch)], sizes);
        Assert.Equal(Documents(photos.Command).Select(document => (string)document["id"]!).Order(StringComparer.Ordinal), ids.Order(StringComparer.Ordinal));
        Assert.Equal(Files.Length, (int)(await StatusAsync(photos.Flow))["num_docs"]!);
    }

    [SharedDataFact]
    public async Task A_run_that_was_killed_half_way_is_completed_by_the_next()
    {
        using var folder = new TemporaryFolder();
        await using (var killed = await IndexedPhotos.StartAsync(folder.Path))
        {
            Assert.Equal(0, (await IndexAsync(killed, Files[..120])).ExitCode);
            await killed.KillAsync();
        }

        await using var flow = await IndexedPhotos.StartAsync(folder.Path);
        Assert.Equal(120, (int)(await StatusAsync(flow))["num_docs"]!);
        Assert.Equal(0, (await IndexAsync(flow, IndexedPhotos.Pattern)).ExitCode);
        Assert.Equal(Files.Length, (int)(await StatusAsync(flow))["num_docs"]!);
    }

    [SharedDataFact]
    public async Task A_file_that_is_no_picture_is_named_and_the_others_are_kept()
    {
        using var folder = new TemporaryFolder();
        folder.File("notes.jpg", "not a picture");
        var cut = (await File.ReadAllBytesAsync(Files[0]))[..3000];
        await File.WriteAllBytesAsync(Path.Combine(folder.Path, "cut.jpg"), cut);
        File.Copy(Files[1], Path.Combine(folder.Path, "whole.jpg"));
        await using var flow = await IndexedPhotos.StartAsync(Path.Combine(folder.Path, "workspace"));

        var result = await IndexAsync(flow, $"{folder.Path}/*.jpg");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("notes.jpg: blob: The bytes are not an image in a known format", result.Errors, StringComparison.Ordinal);
        Assert.Contains("cut.jpg: blob: The JPEG data ends early", result.Errors, StringComparison.Ordinal);
        Assert.Equal(1, (int)(await StatusAsync(flow))["num_docs"]!);
    }

    [SharedDataTheory]
    [InlineData("cat")]
    [InlineData("dog on chair")]
    [InlineData("man jumping")]
    [InlineData("snowy streets")]
    [InlineData("woolen hat")]
    [InlineData("santa claus")]
    public async Task The_four_nearest_of_a_text_are_those_of_the_workshops_own_arithmetic(string prompt) =>
        AssertNearest(Unit(photos.Model.EmbedText(prompt)[0]), await SearchAsync("--text", prompt), 4);

    [SharedDataFact]
    public async Task The_four_nearest_of_a_photograph_begin_with_itself()
    {
        foreach (var file in Files.Take(5))
        {
            var found = await SearchAsync("--inputs", file, "--limit", "4");

            Assert.Equal((file, 1f), ((string)found[0]!["uri"]!, MathF.Round(CosineOf(found[0]!), 4)));
            AssertNearest(Unit(photos.Model.EmbedImage(file)[0]), found, 4);
        }
    }

    [SharedDataFact]
    public async Task As_many_are_found_as_are_asked_for() => Assert.Equal(Files.Length, (await SearchAsync("--text", "cat", "--limit", "1000")).Count);

    private async Task<JsonArray> SearchAsync(params string[] arguments)
    {
        var result = await FlowKitCommand.RunAsync(["post", photos.Flow.Address, "--on", "/search", "--output", "jsonl", .. arguments]);
        Assert.True(result.ExitCode == 0, result.Errors);
        return Assert.Single(Documents(result))["matches"]!.AsArray();
    }

    /// <summary>Features divided by their norm, their products, the largest first.</summary>
    private void AssertNearest(float[] query, JsonArray found, int k)
    {
        var expected = photos.Features.Select(photo => (photo.File, Cosine: photo.Unit.Zip(query, (left, right) => left * right).Sum())).OrderByDescending(photo => photo.Cosine).Take(k).ToList();
        Assert.Equal(expected.Select(photo => photo.File), found.Select(match => (string)match!["uri"]!));
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First.Cosine, CosineOf(pair.Second!), 1e-4f));
    }

    private static float CosineOf(JsonNode match) => (float)match["scores"]!["cosine"]!["value"]!;

    private static float[] Unit(float[] embedding)
    {
        var unit = embedding.ToArray();
        ClipScoring.Normalise(unit);
        return unit;
    }

    /// <summary>The photographs in flows/photos, posted by the command that the flow's own first lines show, and their embeddings by the model alone.</summary>
    public sealed class IndexedPhotos : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();

        internal static string Pattern => $"{SharedData.At("data", "photos")}/*.jpg";

        internal RunningFlow Flow { get; private set; } = null!;

        internal CommandResult Command { get; private set; } = null!;

        internal ClipModel Model { get; private set; } = null!;

        internal IReadOnlyList<(string File, float[] Unit)> Features { get; private set; } = [];

        internal static Task<RunningFlow> StartAsync(string workspace) => RunningFlow.StartAsync(Repository.At("flows", "photos", "flow.yml"), workspace);

        public async Task InitializeAsync()
        {
            if (SharedData.WhyMissing("data") is not null)
            {
                return;
            }

            Flow = await StartAsync(_folder.Path);
            Command = await IndexAsync(Flow, Pattern);
            Model = ClipModel.Open("tiny-clip");
            Features = [.. Files.Zip(Model.EmbedImage(Files), (file, embedding) => (file, Unit(embedding)))];
        }

        public async Task DisposeAsync()
        {
            Model?.Dispose();
            if (Flow is not null)
            {
                await Flow.DisposeAsync();
            }

            _folder.Dispose();
        }
    }
}
