using System.Text.Json.Nodes;

namespace FlowKit.Clip.Tests;

/// <summary>The ids that the published vocabularies give a few well-known texts. Only the tokens these texts need stand at their places; the rest is filled up.</summary>
public sealed class KnownIdTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flowkit-ids");

    [Theory]
    [InlineData("Hello world", new[] { 101, 7592, 2088, 102 })]
    [InlineData("a photo of a cat", new[] { 101, 1037, 6302, 1997, 1037, 4937, 102 })]
    public void Of_BERT_uncased(string text, int[] expected)
    {
        WriteVocabulary(30522, ("[PAD]", 0), ("[UNK]", 100), ("[CLS]", 101), ("[SEP]", 102), ("[MASK]", 103), ("hello", 7592), ("world", 2088), ("a", 1037), ("photo", 6302), ("of", 1997), ("cat", 4937));
        Assert.Equal(expected, Encode("bert", "vocab.txt", text));
    }

    [Fact]
    public void Of_Chinese_BERT()
    {
        WriteVocabulary(21128, ("[PAD]", 0), ("[UNK]", 100), ("[CLS]", 101), ("[SEP]", 102), ("[MASK]", 103), ("你", 872), ("好", 1962));
        Assert.Equal([101, 872, 1962, 102], Encode("bert", "vocab.txt", "你好"));
    }

    [Fact]
    public void Of_XLM_R()
    {
        var pieces = Enumerable.Range(0, 35379).Select(static i => (Piece: $"\uE000{i}", Score: -20.0)).ToArray();
        (pieces[0], pieces[1], pieces[2], pieces[3]) = (("<s>", 0), ("<pad>", 0), ("</s>", 0), ("<unk>", 0));
        (pieces[38], pieces[8999], pieces[35378]) = (("!", -7), ("▁world", -9), ("▁Hello", -11));
        var root = TokenizerFiles.Unigram();
        root["model"]!["vocab"] = new JsonArray([.. pieces.Select(static piece => new JsonArray(piece.Piece, piece.Score))]);
        TokenizerFiles.Write(_folder.FullName, root);
        Assert.Equal([0, 35378, 8999, 38, 2], Encode("sentencepiece", "tokenizer.json", "Hello world!"));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void WriteVocabulary(int size, params (string Token, int Id)[] known)
    {
        var tokens = Enumerable.Range(0, size).Select(static id => $"[unused{id}]").ToArray();
        foreach (var (token, id) in known)
        {
            tokens[id] = token;
        }

        File.WriteAllLines(Path.Combine(_folder.FullName, "vocab.txt"), tokens);
    }

    private int[] Encode(string kind, string file, string text)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "model.json"), $$"""{"name": "t", "context_length": 16, "tokenizer": "{{kind}}", "text_cleaning": "none", "lower_case": false, "files": {"merges": {"path": "{{file}}" } } }""");
        var tokens = ClipModelFolder.Open(_folder.FullName).LoadTokenizer().Encode(text);
        return tokens.Ids[..tokens.Length];
    }
}
