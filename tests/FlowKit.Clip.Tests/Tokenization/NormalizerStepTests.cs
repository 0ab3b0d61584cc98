using System.Text.Json.Nodes;

namespace FlowKit.Clip.Tests;

/// <summary>The steps of a tokenizer.json's normalizer, held against Hugging Face's own library.</summary>
public sealed class NormalizerStepTests : IDisposable
{
    private static readonly Dictionary<string, JsonObject[]> s_steps = new()
    {
        ["lower case"] = [Step("Lowercase")],
        ["composed"] = [Step("NFC")],
        ["decomposed"] = [Step("NFD")],
        ["stripped"] = [new() { ["type"] = "Strip", ["strip_left"] = true, ["strip_right"] = true }],
        ["a text replaced"] = [new() { ["type"] = "Replace", ["pattern"] = new JsonObject { ["String"] = "cat" }, ["content"] = "dog" }],
        ["a pattern replaced"] = [new() { ["type"] = "Replace", ["pattern"] = new JsonObject { ["Regex"] = "[0-9]+" }, ["content"] = "x" }],
        ["several"] = [Step("NFC"), Step("Lowercase"), new() { ["type"] = "Replace", ["pattern"] = new JsonObject { ["String"] = "photo" }, ["content"] = "cat" }],
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flowkit-steps");

    public static TheoryData<string> Names => [.. s_steps.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_step_gives_the_ids_of_the_reference(string name)
    {
        var root = TokenizerFiles.Unigram();
        root["normalizer"] = new JsonObject { ["type"] = "Sequence", ["normalizers"] = new JsonArray([.. s_steps[name].Select(static step => step.DeepClone())]) };
        using var referee = new Tokenizers.DotNet.Tokenizer(TokenizerFiles.Write(_folder.FullName, root));
        var ours = Load();

        foreach (var text in TokenizerFiles.Texts)
        {
            var tokens = ours.Encode(text);
            Assert.Equal((text, string.Join(' ', referee.Encode(text))), (text, string.Join(' ', tokens.Ids.Take(tokens.Length))));
        }
    }

    [Fact]
    public void A_step_that_is_not_known_is_an_error_and_not_left_out()
    {
        var root = TokenizerFiles.Unigram();
        root["normalizer"] = Step("NFKD");
        var path = TokenizerFiles.Write(_folder.FullName, root);

        var error = Assert.Throws<FlowKitException>(Load).Error;

        Assert.Equal(FlowErrorCode.InvalidArgument, error.Code);
        Assert.Contains($"{path} cannot be read: its normalizer has a step 'NFKD'", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static JsonObject Step(string type) => new() { ["type"] = type };

    private TextTokenizer Load()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "model.json"), """{"name": "t", "context_length": 256, "tokenizer": "sentencepiece", "text_cleaning": "none", "lower_case": false, "files": {"merges": {"path": "tokenizer.json"} } }""");
        return ClipModelFolder.Open(_folder.FullName).LoadTokenizer();
    }
}
