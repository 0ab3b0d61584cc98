namespace FlowKit.Executors.Tests.Encoding;

/// <summary>A model that cannot serve stops the start, and the error says which executor and which file.</summary>
public sealed class ModelErrorTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ClipImageEncoder")]
    [InlineData("ClipTextEncoder")]
    [InlineData("ClipRanker")]
    [InlineData("ClipEncoder")]
    [InlineData("ZeroShotClassifier")]
    public Task An_unknown_model_is_named(string executor) => AssertStartFailsAsync(executor, "models/nowhere", FlowErrorCode.NotFound, "models/nowhere");

    [Theory]
    [InlineData("ClipImageEncoder")]
    [InlineData("ClipTextEncoder")]
    [InlineData("ClipEncoder")]
    public Task Swapped_towers_are_named(string executor)
    {
        Copy(("visual.onnx", "textual.onnx"), ("textual.onnx", "visual.onnx"), ("merges.txt", "merges.txt"), ("vocab.json", "vocab.json"));
        return AssertStartFailsAsync(executor, "model", FlowErrorCode.FailedPrecondition, "swapped");
    }

    [Theory]
    [InlineData("ClipImageEncoder", "visual.onnx")]
    [InlineData("ClipTextEncoder", "textual.onnx")]
    [InlineData("ClipEncoder", "visual.onnx")]
    [InlineData("ClipEncoder", "textual.onnx")]
    public Task A_corrupt_graph_is_named(string executor, string file)
    {
        Copy(("visual.onnx", "visual.onnx"), ("textual.onnx", "textual.onnx"), ("merges.txt", "merges.txt"), ("vocab.json", "vocab.json"));
        File.WriteAllBytes(_folder.At("model", file), File.ReadAllBytes(_folder.At("model", file))[..50_000]);
        return AssertStartFailsAsync(executor, "model", FlowErrorCode.DataLoss, file);
    }

    [Fact]
    public Task A_missing_vocabulary_is_named()
    {
        Copy(("visual.onnx", "visual.onnx"), ("textual.onnx", "textual.onnx"));
        return AssertStartFailsAsync("ClipTextEncoder", "model", FlowErrorCode.NotFound, "tokenizer.json");
    }

    [Fact]
    public async Task A_picture_for_a_model_without_an_image_tower_fails_alone()
    {
        Copy(("textual.onnx", "textual.onnx"), ("merges.txt", "merges.txt"), ("vocab.json", "vocab.json"));
        await using var flow = await TestFlow.StartAsync("- { uses: ClipEncoder, uses_with: { model: model } }", _folder.Path);
        var reply = await flow.SendAsync("/", [new Document { Blob = Picture.Named("dog") }, new Document { Text = "a dog" }]);
        Assert.Matches("^The model 'model@.+' has no image tower, which this document needs[.]$", reply[0].Error?.Message);
        Assert.Equal((null, 512), (reply[1].Error, reply[1].Embedding!.Length));
    }

    [Fact]
    public async Task A_bad_access_path_stops_the_start() =>
        Assert.Contains("@nonsense", (await Assert.ThrowsAsync<FlowKitException>(() => TestFlow.StartAsync("- { uses: ClipTextEncoder, uses_with: { access_paths: '@nonsense' } }"))).Message, StringComparison.Ordinal);

    /// <summary>Once the first encoder has the graph in memory, a second one can only start by sharing it.</summary>
    [Fact]
    public async Task Executors_that_name_one_model_share_its_sessions()
    {
        Copy(("visual.onnx", "visual.onnx"), ("textual.onnx", "textual.onnx"), ("merges.txt", "merges.txt"), ("vocab.json", "vocab.json"));
        const string Entry = "- { uses: ClipTextEncoder, uses_with: { model: model } }";
        await using var first = await TestFlow.StartAsync(Entry, _folder.Path);
        File.Delete(_folder.At("model", "textual.onnx"));
        await using (var second = await TestFlow.StartAsync(Entry, _folder.Path))
        {
            Assert.Equal(512, (await second.SendAsync("/", [new Document { Text = "cat" }]))[0].Embedding!.Length);
        }

        Assert.Equal(512, (await first.SendAsync("/", [new Document { Text = "cat" }]))[0].Embedding!.Length);
    }

    private void Copy(params (string From, string To)[] files)
    {
        foreach (var (from, to) in files)
        {
            _folder.Write(Path.Combine("model", to), File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "models", "tiny-clip", from)));
        }
    }

    private async Task AssertStartFailsAsync(string executor, string model, FlowErrorCode code, string names)
    {
        var error = await Assert.ThrowsAsync<FlowKitException>(() => TestFlow.StartAsync($"- {{ name: broken, uses: {executor}, uses_with: {{ model: {model} }} }}", _folder.Path));
        Assert.Equal(code, error.Error.Code);
        Assert.Contains("'broken'", error.Message, StringComparison.Ordinal);
        Assert.Contains(executor, error.Message, StringComparison.Ordinal);
        Assert.Contains(names, error.Message, StringComparison.Ordinal);
    }
}
