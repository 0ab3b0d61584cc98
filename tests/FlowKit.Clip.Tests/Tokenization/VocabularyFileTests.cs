using System.IO.Compression;
using System.Text;
using FlowKit.Tests;

namespace FlowKit.Clip.Tests;

public sealed class VocabularyFileTests : IDisposable
{
    private const string Sentence = "A photo of a really functistaner CAT, 2016!";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flowkit-vocabulary");

    public void Dispose() => _folder.Delete(recursive: true);

    [SharedDataTheory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Merges_txt_gives_the_same_ids_whatever_its_line_ends(string lineEnd)
    {
        using var source = new GZipStream(File.OpenRead(Vocabulary.Path("bpe_simple_vocab_16e6.txt.gz")), CompressionMode.Decompress);
        using var reader = new StreamReader(source, Encoding.UTF8);
        var lines = reader.ReadToEnd().Split('\n').Take(48_895).ToArray();
        lines[0] = "#version: 0.2";
        var path = Write("merges.txt", string.Join(lineEnd, lines) + lineEnd);
        Assert.Equal(Vocabulary.OpenAi.Ids(Sentence), ClipTokenizer.Load(path).Ids(Sentence));
    }

    [SharedDataFact]
    public void Tokenizer_json_with_merges_as_pairs_gives_the_same_ids()
    {
        var root = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllBytes(Vocabulary.Path("tokenizer.json")))!;
        var merges = root["model"]!["merges"]!.AsArray().Select(static merge => merge!.GetValue<string>().Split(' ')).ToArray();
        root["model"]!["merges"] = System.Text.Json.JsonSerializer.SerializeToNode(merges);
        Assert.Equal(Vocabulary.OpenAi.Ids(Sentence), ClipTokenizer.Load(Write("tokenizer.json", root.ToJsonString())).Ids(Sentence));
    }

    [SharedDataFact("prototypes/tiny-clip/out")]
    public void Vocab_json_beside_merges_txt_decides_the_ids()
    {
        var folder = SharedData.At("prototypes", "tiny-clip", "out");
        var tokenizer = ClipTokenizer.Load(Path.Combine(folder, "merges.txt"), Path.Combine(folder, "vocab.json"));
        Assert.Equal((3328, 3326, 3327), (tokenizer.VocabularySize, tokenizer.BeginId, tokenizer.EndId));
        var reference = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(SharedData.Bytes("prototypes", "tiny-clip", "out", "ref_ids.bin")).ToArray();
        string[] texts = ["a red apple", "something to drink", "two small blue stars above a red square", "happy face", "x"];
        for (var i = 0; i < texts.Length; i++)
        {
            Assert.Equal(reference.Skip(i * 77).Take(77).Select(static id => (int)id), tokenizer.Encode(texts[i]).Ids);
        }
    }

    [Theory]
    [InlineData("merges.txt", "#version\na b c\n", "a b c")]
    [InlineData("tokenizer.json", "{", "tokenizer.json")]
    [InlineData("tokenizer.json", "{}", "tokenizer.json")]
    public void A_damaged_vocabulary_is_an_error_that_names_it(string name, string content, string named)
    {
        var error = Assert.Throws<FlowKitException>(() => ClipTokenizer.Load(Write(name, content)));
        Assert.Equal(FlowErrorCode.InvalidArgument, error.Error.Code);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [SharedDataFact]
    public void Two_tokens_of_one_id_are_an_error_that_names_them()
    {
        var root = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllBytes(Vocabulary.Path("tokenizer.json")))!;
        root["model"]!["vocab"]!["cat</w>"] = root["model"]!["vocab"]!["dog</w>"]!.GetValue<int>();
        var error = Assert.Throws<FlowKitException>(() => ClipTokenizer.Load(Write("tokenizer.json", root.ToJsonString())));
        Assert.Contains("'cat</w>'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'dog</w>'", error.Message, StringComparison.Ordinal);
    }

    [SharedDataFact]
    public void A_merge_that_comes_twice_counts_where_it_comes_first()
    {
        var root = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllBytes(Vocabulary.Path("tokenizer.json")))!;
        var merges = root["model"]!["merges"]!.AsArray();
        merges.Add(merges[0]!.GetValue<string>());
        Assert.Equal(Vocabulary.OpenAi.Ids(Sentence), ClipTokenizer.Load(Write("tokenizer.json", root.ToJsonString())).Ids(Sentence));
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }
}
