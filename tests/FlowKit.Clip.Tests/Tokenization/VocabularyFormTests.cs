using System.Text.Json.Nodes;
using FlowKit.Clip.SentencePiece;
using FlowKit.Clip.Tokenization;
using Google.Protobuf;

namespace FlowKit.Clip.Tests;

/// <summary>One vocabulary in the forms that models come with: whatever file it is, the ids are the same.</summary>
public sealed class VocabularyFormTests : IDisposable
{
    // The library leaves tabs and line ends to the normaliser that a published model brings, and these small ones have none.
    private static readonly string[] Texts = [.. TokenizerFiles.Texts.Where(static text => !text.Contains('\t', StringComparison.Ordinal) && !text.Contains("[CLS]", StringComparison.Ordinal))];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flowkit-form");

    [Fact]
    public void A_sentencepiece_model_of_fairseq_gives_the_ids_of_its_tokenizer_json()
    {
        // fairseq's file has its marks in another order and no <pad>; the ids are those of the tokenizer.json all the same.
        var json = TokenizerFiles.Unigram();
        WriteModel("sentencepiece.bpe.model", [("<unk>", 0, 2), ("<s>", 0, 3), ("</s>", 0, 3), .. Pieces(json).Skip(4)], unknown: 0, begin: 1, end: 2);
        TokenizerFiles.Write(_folder.FullName, json);

        AssertSame(Load("tokenizer.json", "sentencepiece"), Load("sentencepiece.bpe.model", "sentencepiece"));
    }

    [Fact]
    public void A_sentencepiece_model_of_siglip_has_an_end_and_no_begin()
    {
        var json = TokenizerFiles.Unigram();
        WriteModel("spiece.model", [("<pad>", 0, 3), ("</s>", 0, 3), ("<unk>", 0, 2), .. Pieces(json).Skip(4)], unknown: 2, begin: -1, end: 1);
        TokenizerFiles.Write(_folder.FullName, json);
        var (reference, ours) = (Load("tokenizer.json", "sentencepiece"), Load("spiece.model", "sentencepiece"));

        foreach (var text in Texts)
        {
            // In the tokenizer.json <s> comes first, </s> is 2, <unk> 3, and every piece one more.
            var expected = Ids(reference, text)[1..].Select(static id => id == 2 ? 1 : id - 1);
            Assert.Equal((text, string.Join(' ', expected)), (text, string.Join(' ', Ids(ours, text))));
        }

        Assert.Equal("a photo of a cat", ours.Decode(ours.Encode("a photo of a cat").Ids));
    }

    [Fact]
    public void A_vocab_json_with_merges_txt_gives_the_ids_of_its_tokenizer_json()
    {
        var json = TokenizerFiles.ByteBpe();
        File.WriteAllText(At("vocab.json"), json["model"]!["vocab"]!.ToJsonString());
        File.WriteAllLines(At("merges.txt"), ["#version: 0.2", .. json["model"]!["merges"]!.AsArray().Select(static merge => merge!.GetValue<string>())]);
        TokenizerFiles.Write(_folder.FullName, json);

        AssertSame(Load("tokenizer.json", "byte_bpe"), Load("merges.txt", "byte_bpe", vocab: "vocab.json"));
    }

    [Theory]
    [InlineData("bert", "bert")]
    [InlineData("unigram", "sentencepiece")]
    public void A_tokenizer_json_of_before_types_were_written_is_recognised(string make, string kind)
    {
        var json = make == "bert" ? TokenizerFiles.Bert() : TokenizerFiles.Unigram();
        TokenizerFiles.Write(_folder.FullName, json);
        var reference = Load("tokenizer.json", kind);
        json["model"]!.AsObject().Remove("type");
        TokenizerFiles.Write(_folder.FullName, json);

        AssertSame(reference, Load("tokenizer.json", kind));
    }

    [Theory]
    [InlineData("BertProcessing")]
    [InlineData("RobertaProcessing")]
    public void Marks_of_a_named_rule_are_those_of_a_template(string rule)
    {
        var json = TokenizerFiles.Unigram();
        TokenizerFiles.Write(_folder.FullName, json);
        var reference = Load("tokenizer.json", "sentencepiece");
        json["post_processor"] = new JsonObject { ["type"] = "Sequence", ["processors"] = new JsonArray(new JsonObject { ["type"] = rule, ["cls"] = new JsonArray("<s>", 0), ["sep"] = new JsonArray("</s>", 2) }) };
        TokenizerFiles.Write(_folder.FullName, json);

        AssertSame(reference, Load("tokenizer.json", "sentencepiece"));
    }

    [Fact]
    public void A_template_without_ids_takes_those_of_the_added_tokens()
    {
        var json = TokenizerFiles.Unigram();
        TokenizerFiles.Write(_folder.FullName, json);
        var reference = Load("tokenizer.json", "sentencepiece");
        json["post_processor"]!.AsObject().Remove("special_tokens");
        TokenizerFiles.Write(_folder.FullName, json);

        AssertSame(reference, Load("tokenizer.json", "sentencepiece"));
    }

    [Fact]
    public void A_tokenizer_json_without_a_begin_mark_is_read()
    {
        var json = TokenizerFiles.Unigram();
        TokenizerFiles.Write(_folder.FullName, json);
        var reference = Load("tokenizer.json", "sentencepiece");
        json["model"]!["vocab"]![0]![0] = "<extra_id_0>";
        json["added_tokens"]![0]!["content"] = "<extra_id_0>";
        json["post_processor"] = null;
        TokenizerFiles.Write(_folder.FullName, json);
        var ours = Load("tokenizer.json", "sentencepiece");

        foreach (var text in Texts)
        {
            Assert.Equal((text, string.Join(' ', Ids(reference, text)[1..^1])), (text, string.Join(' ', Ids(ours, text))));
        }
    }

    [Fact]
    public void Without_a_rule_nothing_stands_around_a_text()
    {
        var json = TokenizerFiles.Unigram();
        json["post_processor"] = null;
        TokenizerFiles.Write(_folder.FullName, json);
        var tokenizer = Load("tokenizer.json", "sentencepiece");

        Assert.Equal(0, tokenizer.Encode("").Length);
        Assert.Equal(5, tokenizer.Encode("a photo of a cat").Length);
        Assert.Equal(json["model"]!["vocab"]!.AsArray().Count, tokenizer.VocabularySize);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static void AssertSame(TextTokenizer expected, TextTokenizer actual)
    {
        foreach (var text in Texts)
        {
            Assert.Equal((text, string.Join(' ', Ids(expected, text))), (text, string.Join(' ', Ids(actual, text))));
        }
    }

    private static int[] Ids(TextTokenizer tokenizer, string text)
    {
        var tokens = tokenizer.Encode(text);
        return tokens.Ids[..tokens.Length];
    }

    private static IEnumerable<(string Piece, float Score, int Type)> Pieces(JsonObject root) => root["model"]!["vocab"]!.AsArray()
        .Select(static entry => (entry![0]!.GetValue<string>(), (float)entry[1]!.GetValue<double>(), SentencePieceFile.Normal));

    private void WriteModel(string name, (string Piece, float Score, int Type)[] pieces, int unknown, int begin, int end)
    {
        var model = new PieceModelProto
        {
            TrainerSpec = new TrainerProto { ModelType = SentencePieceFile.Unigram, UnkId = unknown, UnkPiece = "<unk>", BosId = begin, EosId = end, BosPiece = "<s>", EosPiece = "</s>", PadId = -1 },
            NormalizerSpec = new NormalizerProto { Name = "identity", AddDummyPrefix = true, RemoveExtraWhitespaces = true, EscapeWhitespaces = true },
        };
        model.Pieces.AddRange(pieces.Select(static piece => new PieceProto { Piece = piece.Piece, Score = piece.Score, Type = piece.Type }));
        File.WriteAllBytes(At(name), model.ToByteArray());
    }

    private TextTokenizer Load(string file, string kind, string? vocab = null)
    {
        var more = vocab is null ? "" : $$""", "vocab": {"path": "{{vocab}}"}""";
        File.WriteAllText(At("model.json"), $$"""{"name": "t", "context_length": 256, "tokenizer": "{{kind}}", "text_cleaning": "none", "lower_case": false, "files": {"merges": {"path": "{{file}}"}{{more}} } }""");
        return ClipModelFolder.Open(_folder.FullName).LoadTokenizer();
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
