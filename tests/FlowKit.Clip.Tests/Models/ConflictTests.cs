namespace FlowKit.Clip.Tests;

/// <summary>Registry, configuration, card and graph must say the same; where they do not, both values are named.</summary>
public sealed class ConflictTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("flowkit-conflict");

    [Fact]
    public void A_known_folder_is_read_with_the_registrys_values()
    {
        var folder = Transformers("clip-vit-base-patch32");
        using var model = ClipModel.Open(folder);
        Assert.Equal("ViT-B-32::openai", model.Card.Name);
        Assert.Equal(100f, model.Card.LogitScale);
        Assert.StartsWith("ViT-B-32::openai@", model.ModelId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_that_contradicts_the_registry_is_an_error_that_names_both_values()
    {
        var error = Assert.Throws<FlowKitException>(() => ClipModel.Open(Transformers("ViT-B-16-SigLIP__webli")));
        Assert.Contains("'ViT-B-16-SigLIP::webli'", error.Message, StringComparison.Ordinal);
        Assert.Contains("model.json", error.Message, StringComparison.Ordinal);
        Assert.Contains("768", error.Message, StringComparison.Ordinal);
        Assert.Contains("512", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_that_contradicts_the_registry_is_an_error_that_names_both_values()
    {
        var folder = Folder("ViT-L-14__openai");
        ModelLayouts.Image().Save(Path.Combine(folder, "visual.onnx"));
        var error = Assert.Throws<FlowKitException>(() => ClipModel.Open(folder));
        Assert.Contains("dimension 768", error.Message, StringComparison.Ordinal);
        Assert.Contains("has 512", error.Message, StringComparison.Ordinal);
        Assert.Contains("visual.onnx", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_card_may_name_its_model_and_override_what_differs()
    {
        var folder = Transformers("mine");
        File.WriteAllText(Path.Combine(folder, "model.json"), """{"model": "ViT-L-14::laion2b-s32b-b82k", "dimension": 512, "mean": [0.48145466, 0.4578275, 0.40821073], "std": [0.26862954, 0.26130258, 0.27577711], "logit_scale": 30.8}""");
        using var model = ClipModel.Open(folder);
        Assert.Equal(30.8f, model.Card.LogitScale);
        Assert.Equal(0.48145466f, model.Card.Mean[0]);
        Assert.Equal("gelu", model.Card.Activation);
    }

    [Fact]
    public void A_card_that_names_an_unknown_model_is_an_error()
    {
        var folder = Transformers("mine");
        File.WriteAllText(Path.Combine(folder, "model.json"), """{"model": "ViT-Z-99"}""");
        Assert.Contains("ViT-Z-99", Assert.Throws<FlowKitException>(() => ClipModel.Open(folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vocabulary_of_another_kind_is_an_error_that_names_both_kinds()
    {
        var folder = Transformers("mine");
        File.WriteAllText(Path.Combine(folder, "model.json"), """{"model": "openai/clip-vit-base-patch32", "tokenizer": "bert"}""");
        using var model = ClipModel.Open(folder);
        var error = Assert.Throws<FlowKitException>(() => model.EncodeTexts(["x"]));
        Assert.Contains("'bert'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'clip_bpe'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fp16", "no fp16 files")]
    [InlineData("int9", "expected fp32, fp16")]
    public void A_variant_that_is_not_there_is_an_error_that_lists_what_is(string variant, string expected) =>
        Assert.Contains(expected, Assert.Throws<FlowKitException>(() => ClipModel.Open(Transformers("mine"), new ClipModelOptions { Variant = variant })).Message, StringComparison.Ordinal);

    public void Dispose() => _root.Delete(recursive: true);

    private string Folder(string name) => Directory.CreateDirectory(Path.Combine(_root.FullName, name)).FullName;

    private string Transformers(string name)
    {
        var folder = Folder(name);
        ModelLayouts.All["transformers"](folder);
        return folder;
    }
}
