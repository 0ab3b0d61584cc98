namespace FlowKit.Executors.Tests.Encoding;

/// <summary>A request may say which model it wants, and embeddings of how many values; what cannot be is refused with the reason.</summary>
public sealed class ModelParameterTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ClipTextEncoder")]
    [InlineData("ClipEncoder")]
    public async Task Embeddings_are_cut_where_the_card_allows_it_and_have_length_1(string executor)
    {
        CopyModel("""{"name": "cut", "matryoshka_dimensions": [64, 256]}""");
        await using var flow = await TestFlow.StartAsync($"- {{ uses: {executor}, uses_with: {{ model: model }} }}", _folder.Path);
        var whole = (await flow.SendAsync("/", [new Document { Text = "cat" }]))[0].Embedding!.ToFloats();

        foreach (var length in (int[])[64, 256])
        {
            var cut = (await flow.SendAsync("/", [new Document { Text = "cat" }], $$"""{"dimensions": {{length}}}"""))[0].Embedding!.ToFloats();
            var norm = MathF.Sqrt(whole[..length].Sum(value => value * value));
            Assert.Equal(whole[..length].Select(value => value / norm), cut, (left, right) => MathF.Abs(left - right) < 1e-5f);
        }

        Assert.Equal(512, (await flow.SendAsync("/", [new Document { Text = "cat" }], """{"dimensions": 512}"""))[0].Embedding!.Length);
        var refusal = (await flow.ReplyAsync("/", [new Document { Text = "cat" }], """{"dimensions": 128}""")).Error!;
        Assert.Contains("parameters.dimensions: embeddings of 128 numbers are asked for, and those of the model 'cut' have 512; they may be cut to 64, 256.", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ClipTextEncoder")]
    [InlineData("ClipEncoder")]
    public async Task Another_models_name_is_refused(string executor)
    {
        await using var flow = await TestFlow.StartAsync($"- {{ name: e, uses: {executor} }}");

        Assert.Equal(512, (await flow.SendAsync("/", [new Document { Text = "cat" }], """{"model_name": "tiny-clip"}"""))[0].Embedding!.Length);
        var refusal = (await flow.ReplyAsync("/", [new Document { Text = "cat" }], """{"model_name": "RN50"}""")).Error!;
        Assert.Equal(FlowErrorCode.NotFound, refusal.Code);
        Assert.Contains($"parameters.model_name: the model 'RN50' is asked for, and {executor} 'e' has 'tiny-clip'.", refusal.Message, StringComparison.Ordinal);
    }

    private void CopyModel(string card)
    {
        foreach (var file in (string[])["visual.onnx", "textual.onnx", "merges.txt", "vocab.json"])
        {
            _folder.Write(Path.Combine("model", file), File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "models", "tiny-clip", file)));
        }

        _folder.Write(Path.Combine("model", "model.json"), System.Text.Encoding.UTF8.GetBytes(card));
    }
}
