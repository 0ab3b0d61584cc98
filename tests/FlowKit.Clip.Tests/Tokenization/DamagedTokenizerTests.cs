using System.Text.Json.Nodes;

namespace FlowKit.Clip.Tests;

/// <summary>A tokenizer that cannot be read is an error that names its file and what is wrong with it.</summary>
public sealed class DamagedTokenizerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flowkit-damaged");

    [Fact]
    public void A_merge_of_three_symbols_is_named()
    {
        var json = TokenizerFiles.ByteBpe();
        json["model"]!["merges"]!.AsArray().Add("a b c");
        TokenizerFiles.Write(_folder.FullName, json);

        AssertRefused("byte_bpe", "tokenizer.json", "the merge 'a b c' is not two symbols");
    }

    [Theory]
    [InlineData("""{"model": {"type": "Unigram", "unk_id": 3, "vocab": [["<s>", 0]]}}""")]
    [InlineData("""{"model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>"]]}}""")]
    [InlineData("""{"model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", "high"]]}}""")]
    public void A_vocabulary_of_another_form_names_its_file(string json)
    {
        File.WriteAllText(At("tokenizer.json"), json);

        AssertRefused("sentencepiece", "tokenizer.json", "cannot be read");
    }

    [Fact]
    public void A_vocabulary_without_marks_names_its_file()
    {
        File.WriteAllLines(At("vocab.txt"), ["[UNK]", "a", "photo"]);

        AssertRefused("bert", "vocab.txt", "[CLS]");
    }

    [Fact]
    public void A_sentencepiece_file_that_is_none_names_itself()
    {
        File.WriteAllText(At("spiece.model"), "version https://git-lfs.example/spec/v1");

        AssertRefused("sentencepiece", "spiece.model", "cannot be read");
    }

    [Fact]
    public void Byte_merges_without_a_vocabulary_ask_for_it()
    {
        File.WriteAllLines(At("merges.txt"), ["#version: 0.2", "Ġ a"]);

        AssertRefused("byte_bpe", "merges.txt", "a vocab.json must lie beside it");
    }

    [Theory]
    [InlineData("tokenizer", "\"unigram\"", "sentencepiece")]
    [InlineData("text_cleaning", "\"ftfy\"", "canonicalize")]
    public void A_card_with_an_unknown_word_lists_the_known_ones(string key, string value, string known)
    {
        TokenizerFiles.Write(_folder.FullName, TokenizerFiles.Unigram());
        var card = new JsonObject { ["name"] = "t", ["context_length"] = 16, ["tokenizer"] = "sentencepiece", ["files"] = new JsonObject { ["merges"] = new JsonObject { ["path"] = "tokenizer.json" } } };
        card[key] = JsonNode.Parse(value);
        File.WriteAllText(At("model.json"), card.ToJsonString());

        var error = Assert.Throws<FlowKitException>(() => ClipModelFolder.Open(_folder.FullName).LoadTokenizer());

        Assert.Contains(value.Trim('"'), error.Message, StringComparison.Ordinal);
        Assert.Contains(known, error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void AssertRefused(string kind, string file, string message)
    {
        File.WriteAllText(At("model.json"), $$"""{"name": "t", "context_length": 16, "tokenizer": "{{kind}}", "text_cleaning": "none", "files": {"merges": {"path": "{{file}}"} } }""");
        var error = Assert.Throws<FlowKitException>(() => ClipModelFolder.Open(_folder.FullName).LoadTokenizer()).Error;
        Assert.Equal(FlowErrorCode.InvalidArgument, error.Code);
        Assert.Contains(At(file), error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
