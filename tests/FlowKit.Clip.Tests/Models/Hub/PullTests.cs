using System.Security.Cryptography;
using FlowKit.Clip.Models;
using FlowKit.Clip.Models.Diagnostics;
using FlowKit.Clip.Models.Hub;

namespace FlowKit.Clip.Tests;

public sealed class PullTests : IAsyncLifetime
{
    private static readonly ClipHubSource Source = new("someone/clip-onnx");

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("flowkit-pull");
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private LocalHub _hub = null!;

    private string Served => Path.Combine(_root.FullName, "served");

    private ClipModelStore Store => new(Path.Combine(_root.FullName, "store"));

    public async Task InitializeAsync()
    {
        ModelLayouts.All["transformers"](Served);
        _hub = await LocalHub.StartAsync(Served);
    }

    [Fact]
    public async Task A_pulled_model_embeds_like_the_one_it_was_made_of()
    {
        var folder = await PullAsync("mine");
        using var expected = ClipModel.Open("tiny-clip");
        using var model = ClipModel.Open(folder);
        Assert.InRange(ClipScoring.Cosine(expected.EncodeTexts(["red"])[0], model.EncodeTexts(["red"])[0]), 0.99999f, 1.0001f);
        Assert.All(ModelChecksums.Check(model.Folder), static finding => Assert.Equal(ClipFindingState.Ok, finding.State));
        Assert.Contains("c0ffee", await File.ReadAllTextAsync(Path.Combine(folder, "model.json")), StringComparison.Ordinal);
        Assert.Equal(["mine"], Store.Names);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cut_connection_goes_on_where_it_stopped(bool redirects)
    {
        (_hub.CutAfter, _hub.Cuts, _hub.Redirects) = (1_000_000, 5, redirects);
        var folder = await PullAsync("mine");
        AssertSame(folder);
        Assert.Contains(_hub.Requests, static request => request.From >= 900_000);
        Assert.Empty(Directory.GetFiles(folder, "*.part", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_pull_that_was_given_up_goes_on_the_next_time()
    {
        (_hub.CutAfter, _hub.Cuts) = (60_000, int.MaxValue);
        var part = await GiveUpAsync();
        var kept = new FileInfo(part).Length;
        Assert.True(kept > 0);
        _hub.Cuts = 0;
        _hub.Requests.Clear();
        AssertSame(await PullAsync("mine"));
        Assert.Equal(kept, _hub.Requests.First().From);
    }

    [Fact]
    public async Task A_hub_without_ranges_is_read_from_the_start_again()
    {
        (_hub.CutAfter, _hub.Cuts, _hub.KnowsRanges) = (1_000_000, 1, false);
        AssertSame(await PullAsync("mine"));
    }

    [Fact]
    public async Task A_part_that_is_longer_than_the_file_is_thrown_away()
    {
        (_hub.CutAfter, _hub.Cuts) = (60_000, int.MaxValue);
        var part = await GiveUpAsync();
        await File.WriteAllBytesAsync(part, new byte[20_000_000]);
        _hub.Cuts = 0;
        AssertSame(await PullAsync("mine"));
    }

    [Fact]
    public async Task A_wrong_hash_is_an_error_that_names_both_and_leaves_nothing()
    {
        _hub.WrongHash = "onnx/vision_model.onnx";
        var error = await Assert.ThrowsAsync<FlowKitException>(() => PullAsync("mine"));
        Assert.Equal(FlowErrorCode.DataLoss, error.Error.Code);
        Assert.Contains(new string('a', 64), error.Message, StringComparison.Ordinal);
        Assert.Contains(Hash(Path.Combine(Served, "onnx/vision_model.onnx")), error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Store.Root, "*vision*", SearchOption.AllDirectories));
        Assert.Empty(Store.Names);
    }

    [Fact]
    public async Task A_missing_file_is_an_error_unless_it_may_be_missing()
    {
        File.Delete(Path.Combine(Served, "config.json"));
        await PullAsync("mine");
        File.Delete(Path.Combine(Served, "preprocessor_config.json"));
        var error = await Assert.ThrowsAsync<FlowKitException>(() => PullAsync("other"));
        Assert.Equal(FlowErrorCode.NotFound, error.Error.Code);
        Assert.Contains("preprocessor_config.json", error.Message, StringComparison.Ordinal);
        Assert.Contains("someone/clip-onnx", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, FlowErrorCode.PermissionDenied)]
    [InlineData(403, FlowErrorCode.PermissionDenied)]
    [InlineData(500, FlowErrorCode.Unavailable)]
    public async Task A_refusal_is_an_error_that_says_what_the_hub_answered(int status, FlowErrorCode code)
    {
        _hub.Refused = ("tokenizer.json", status);
        var error = await Assert.ThrowsAsync<FlowKitException>(() => PullAsync("mine"));
        Assert.Equal(code, error.Error.Code);
        Assert.Contains($"{status}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hub_that_is_not_there_is_an_error_that_names_it()
    {
        var puller = new ClipModelPuller(_http, new Uri("http://127.0.0.1:9"), Store, TimeProvider.System);
        var error = await Assert.ThrowsAsync<FlowKitException>(() => puller.PullAsync("ViT-B/32"));
        Assert.Contains("http://127.0.0.1:9", error.Message, StringComparison.Ordinal);
        Assert.Contains("--hub", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_that_cannot_be_written_is_an_error_that_names_the_file()
    {
        Directory.CreateDirectory(Store.Root);
        await File.WriteAllTextAsync(Path.Combine(Store.Root, "mine"), "a file where the folder should be");
        var error = await Assert.ThrowsAsync<FlowKitException>(() => PullAsync("mine"));
        Assert.Equal(FlowErrorCode.ResourceExhausted, error.Error.Code);
        Assert.Contains("text_model.onnx", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_here_and_right_is_not_pulled_again()
    {
        await PullAsync("mine");
        _hub.Requests.Clear();
        var folder = await PullAsync("mine");
        Assert.Empty(_hub.Requests);
        await File.AppendAllTextAsync(Path.Combine(folder, "tokenizer.json"), " ");
        await PullAsync("mine");
        Assert.Equal("tokenizer.json", Assert.Single(_hub.Requests).File);
    }

    [Fact]
    public async Task All_files_are_of_the_commit_of_the_first_and_so_are_those_of_the_next_pull()
    {
        await PullAsync("mine");
        Assert.Equal(["main", "c0ffee"], _hub.Revisions.Distinct());

        (_hub.Commit, var before) = ("beef", _hub.Revisions.Count);
        var folder = await PullAsync("mine");
        Assert.Equal("c0ffee", _hub.Revisions.Skip(before).First());

        await PullAsync("mine", Source with { Revision = "main" });
        Assert.Contains("beef", await File.ReadAllTextAsync(Path.Combine(folder, "model.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_the_same_commit_that_has_become_another_one_is_refused()
    {
        var folder = await PullAsync("mine");
        var tokenizer = await File.ReadAllTextAsync(Path.Combine(folder, "tokenizer.json"));
        await File.AppendAllTextAsync(Path.Combine(Served, "tokenizer.json"), " ");

        var error = await Assert.ThrowsAsync<FlowKitException>(() => PullAsync("mine"));

        Assert.Equal(FlowErrorCode.DataLoss, error.Error.Code);
        Assert.Contains("tokenizer.json", error.Message, StringComparison.Ordinal);
        Assert.Equal(tokenizer, await File.ReadAllTextAsync(Path.Combine(folder, "tokenizer.json")));
        _hub.Commit = "beef";
        await PullAsync("mine", Source with { Revision = "main" });
    }

    [Fact]
    public async Task A_card_has_somebody_else_pull_the_very_same_files()
    {
        var pinned = ClipHubSource.FromCard(Path.Combine(await PullAsync("mine"), "model.json"));
        Assert.Equal(("someone/clip-onnx", "c0ffee"), (pinned.Repo, pinned.Revision));
        AssertSame(await PullAsync("theirs", pinned));

        await File.AppendAllTextAsync(Path.Combine(Served, "tokenizer.json"), " ");
        var other = await Assert.ThrowsAsync<FlowKitException>(() => PullAsync("third", pinned));
        Assert.Equal(FlowErrorCode.DataLoss, other.Error.Code);
        Assert.Contains(pinned.Sha256["tokenizer.json"], other.Message, StringComparison.Ordinal);

        var unnamed = pinned with { Sha256 = pinned.Sha256.Where(static file => file.Key != "tokenizer.json").ToDictionary() };
        var missing = await Assert.ThrowsAsync<FlowKitException>(() => PullAsync("fourth", unnamed));
        Assert.Contains("no SHA-256 for tokenizer.json", missing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"model": "ViT-B-32::openai"}""")]
    [InlineData("""{"source": {"repo": "a/b", "revision": "c"}, "checksums": {}}""")]
    [InlineData("""{"source": {"repo": "a/b"}, "checksums": {"a": "b"}}""")]
    [InlineData("""{"source": {"repo": 1, "revision": "c"}, "checksums": {"a": "b"}}""")]
    [InlineData("""{"source": {"repo": "a/b", "revision": "c"}, "checksums": {"a": 1}}""")]
    public async Task A_card_that_pins_nothing_is_refused(string json)
    {
        var card = Path.Combine(_root.FullName, "model.json");
        await File.WriteAllTextAsync(card, json);

        var error = Assert.Throws<FlowKitException>(() => ClipHubSource.FromCard(card));

        Assert.Contains(card, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_comes_in_clear_text_from_elsewhere_unless_it_is_pinned()
    {
        var puller = new ClipModelPuller(_http, new Uri("http://hub.invalid"), Store, TimeProvider.System);
        var refused = await Assert.ThrowsAsync<FlowKitException>(() => puller.PullAsync("mine", source: Source));
        Assert.Equal(FlowErrorCode.PermissionDenied, refused.Error.Code);

        (_hub.Redirects, _hub.Elsewhere) = (true, "http://hub.invalid");
        var redirected = await Assert.ThrowsAsync<FlowKitException>(() => PullAsync("mine"));
        Assert.Contains("by https", redirected.Message, StringComparison.Ordinal);

        var pinned = Source with { Sha256 = new Dictionary<string, string> { ["a"] = "b" } };
        var reached = await Assert.ThrowsAsync<FlowKitException>(() => puller.PullAsync("mine", source: pinned));
        Assert.Contains("cannot be reached", reached.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_longer_than_the_hub_says_is_cut_off()
    {
        _hub.TooLong = "tokenizer.json";

        var error = await Assert.ThrowsAsync<FlowKitException>(() => PullAsync("mine"));

        Assert.Contains("tokenizer.json has ", error.Message, StringComparison.Ordinal);
        Assert.Contains("sends more", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Weights_beside_a_graph_come_with_it()
    {
        Directory.Delete(Served, recursive: true);
        ModelLayouts.All["clip-as-service, weights apart"](Served);
        var folder = await PullAsync("mine", Source with { Layout = "plain" });
        Assert.True(File.Exists(Path.Combine(folder, "visual.weights")));
        using var model = ClipModel.Open(folder);
        Assert.Equal(512, model.EncodeTexts(["red"])[0].Length);
    }

    [Fact]
    public async Task A_name_that_nobody_knows_is_an_error_with_the_nearest_names()
    {
        var error = await Assert.ThrowsAsync<FlowKitException>(() => new ClipModelPuller(_http, _hub.Address, Store, TimeProvider.System).PullAsync("ViT-B-32::laion"));
        Assert.Contains("ViT-B-32::laion2b-s34b-b79k", error.Message, StringComparison.Ordinal);
    }

    public async Task DisposeAsync()
    {
        await _hub.DisposeAsync();
        _http.Dispose();
        _root.Delete(recursive: true);
    }

    /// <summary>Gives a pull up in the middle of a file.</summary>
    /// <returns>The part that it leaves.</returns>
    private async Task<string> GiveUpAsync()
    {
        using var giving = new CancellationTokenSource();
        var pull = PullAsync("mine", cancellation: giving.Token);
        while (!_hub.Requests.Any(static request => request.From > 0))
        {
            await Task.Delay(5);
        }

        await giving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pull);
        return Assert.Single(Directory.GetFiles(Store.Root, "*.part", SearchOption.AllDirectories));
    }

    private Task<string> PullAsync(string name, ClipHubSource? source = null, CancellationToken cancellation = default) =>
        new ClipModelPuller(_http, _hub.Address, Store, TimeProvider.System).PullAsync(name, source: source ?? Source, cancellationToken: cancellation);

    private void AssertSame(string folder) => Assert.All(
        ["onnx/text_model.onnx", "onnx/vision_model.onnx", "tokenizer.json"],
        file => Assert.Equal(Hash(Path.Combine(Served, file)), Hash(Path.Combine(folder, file))));

    private static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
