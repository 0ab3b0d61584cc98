using System.Text.Json.Nodes;

namespace FlowKit.Clip.Tests;

/// <summary>Two implementations that know nothing of each other give the same ids: ours, and Hugging Face's own library.</summary>
public sealed class RefereeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flowkit-tokenizer");

    public static TheoryData<string> Kinds => ["bert", "bert cased", "unigram", "character bpe", "byte bpe"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Ids_are_those_of_the_reference(string kind)
    {
        var root = Make(kind);
        var path = TokenizerFiles.Write(_folder.FullName, root);
        using var referee = new Tokenizers.DotNet.Tokenizer(path);
        var ours = Load(kind, 256);
        var different = TokenizerFiles.Texts.Where(text => !IsSpecial(text)).Select(text => (Text: text, Expected: string.Join(' ', referee.Encode(text)), Actual: string.Join(' ', Ids(ours, text))))
            .Where(static pair => pair.Expected != pair.Actual).ToList();
        Assert.True(different.Count == 0, string.Join('\n', different.Select(static pair => $"'{pair.Text}': expected {pair.Expected}, got {pair.Actual}")));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_long_text_keeps_its_end_mark_and_says_which_words_were_lost(string kind)
    {
        TokenizerFiles.Write(_folder.FullName, Make(kind));
        var tokenizer = Load(kind, 8);
        var text = "a cat a cat a cat a dog";
        var whole = Load(kind, 64).Encode(text);
        var cut = tokenizer.Encode(text);
        Assert.Equal(8, cut.Ids.Length);
        Assert.Equal(whole.Ids[whole.Length - 1], cut.Ids[7]);
        Assert.Equal(whole.Length - 8, cut.LostTokens);
        Assert.True(cut.Truncated);
        Assert.EndsWith("dog", cut.LostText, StringComparison.Ordinal);
        Assert.InRange(cut.LostWords, 1, 7);
        Assert.False(whole.Truncated);
        Assert.Empty(whole.LostText);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_text_of_many_sections_loses_as_many_tokens_as_it_has(string kind)
    {
        TokenizerFiles.Write(_folder.FullName, Make(kind));
        var tokenizer = Load(kind, 16);
        var once = Load(kind, 64).Encode("a cat a dog");
        var marks = Load(kind, 64).Encode("").Length;
        var cut = tokenizer.Encode(string.Join(' ', Enumerable.Repeat("a cat a dog", 5_000)));
        var all = (once.Length - marks) * 5_000;

        // A vocabulary that writes spaces as part of the next word does so but for the first one of a text, or of a section.
        Assert.InRange(cut.LostTokens, all - (16 - marks) - 5, all - (16 - marks) + 5_000);
        Assert.InRange(cut.LostText.Length, TokenizedText.MaxLostText - 10, TokenizedText.MaxLostText);
        Assert.InRange(cut.LostLength, 59_000, 60_000);
        Assert.Contains("dog a cat", cut.LostExcerpt, StringComparison.Ordinal);
        Assert.EndsWith("characters)", cut.LostExcerpt, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_special_token_in_a_text_is_text_unless_it_is_honoured(string kind)
    {
        TokenizerFiles.Write(_folder.FullName, Make(kind));
        var tokenizer = Load(kind, 64);
        var mark = kind.StartsWith("bert", StringComparison.Ordinal) ? ("[SEP]", 3) : kind == "character bpe" ? ("<eos>", 1) : ("</s>", 2);
        var text = $"a cat {mark.Item1} a dog";
        Assert.Equal(1, Ids(tokenizer, text).Count(id => id == mark.Item2));
        Assert.Equal(2, tokenizer.Encode(text, SpecialTokens.Honour).Ids.Take(tokenizer.Encode(text, SpecialTokens.Honour).Length).Count(id => id == mark.Item2));
        Assert.Contains(mark.Item1, Assert.Throws<FlowKitException>(() => tokenizer.Encode(text, SpecialTokens.Error)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Decoding_gives_the_words_back(string kind)
    {
        TokenizerFiles.Write(_folder.FullName, Make(kind));
        var tokenizer = Load(kind, 64);
        Assert.Equal("a photo of a cat", tokenizer.Decode(tokenizer.Encode("a photo of a cat").Ids));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static bool IsSpecial(string text) => text.Contains("[CLS]", StringComparison.Ordinal);

    private static IEnumerable<int> Ids(TextTokenizer tokenizer, string text)
    {
        var tokens = tokenizer.Encode(text);
        return tokens.Ids.Take(tokens.Length);
    }

    private static JsonObject Make(string kind) => kind switch
    {
        "bert" => TokenizerFiles.Bert(),
        "bert cased" => TokenizerFiles.Bert(lowerCase: false),
        "unigram" => TokenizerFiles.Unigram(),
        "character bpe" => TokenizerFiles.CharacterBpe(),
        _ => TokenizerFiles.ByteBpe(),
    };

    private TextTokenizer Load(string kind, int context)
    {
        var expected = kind.StartsWith("bert", StringComparison.Ordinal) ? "bert" : kind == "byte bpe" ? "byte_bpe" : "sentencepiece";
        File.WriteAllText(Path.Combine(_folder.FullName, "model.json"), $$"""{"name": "t", "context_length": {{context}}, "tokenizer": "{{expected}}", "text_cleaning": "none", "lower_case": false, "files": {"merges": {"path": "tokenizer.json"} } }""");
        return ClipModelFolder.Open(_folder.FullName).LoadTokenizer();
    }
}
