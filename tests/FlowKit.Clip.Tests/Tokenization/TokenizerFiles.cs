using System.Text.Json.Nodes;
using FlowKit.Clip.Tokenization;
namespace FlowKit.Clip.Tests;

/// <summary>Small vocabularies of each kind, in the very form that Hugging Face's files have.</summary>
internal static class TokenizerFiles
{
    /// <summary>Texts with everything that tokenizers trip over.</summary>
    internal static readonly string[] Texts =
    [
        "a photo of a cat", "Hello World!", "Two  dogs,   one cat.", "don't stop", "naïve café", "你好世界 photo", "日本語𠮷野家", "x", "", "   ", "ALL CAPS", "tab\tand\nline",
        "1234 56.78", "e-mail: a@b.c", "unknownword zzz", "snowy streets at night", "ﬁ ligature", "emoji 😀 here", "[CLS] in text", "a_b_c", "Ünïcödé", "пример текста", "half-width ｱｲｳ",
        "trailing space ", " leading", "repeat repeat repeat", "very" + "very".PadRight(40, 'y'),
    ];

    internal static string Write(string folder, JsonObject root)
    {
        var path = Path.Combine(folder, "tokenizer.json");
        File.WriteAllText(path, root.ToJsonString());
        return path;
    }

    /// <summary>BERT's, with whole words, letters and parts of words.</summary>
    internal static JsonObject Bert(bool lowerCase = true)
    {
        var tokens = new List<string> { "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]" };
        tokens.AddRange(["photo", "cat", "dog", "hello", "world", "night", "street", "##s", "##y", "snow", "repeat", "very", "##very", "cafe", "##fe", "naive", "café"]);
        tokens.AddRange(Letters().SelectMany(static letter => new[] { letter, "##" + letter }));
        return Root("WordPiece", new JsonObject
        {
            ["type"] = "WordPiece",
            ["unk_token"] = "[UNK]",
            ["continuing_subword_prefix"] = "##",
            ["max_input_chars_per_word"] = 100,
            ["vocab"] = Numbered(tokens.Distinct()),
        },
            new JsonObject { ["type"] = "BertNormalizer", ["clean_text"] = true, ["handle_chinese_chars"] = true, ["strip_accents"] = null, ["lowercase"] = lowerCase },
            new JsonObject { ["type"] = "BertPreTokenizer" },
            Template(("[CLS]", 2), ("[SEP]", 3)),
            new JsonObject { ["type"] = "WordPiece", ["prefix"] = "##", ["cleanup"] = true },
            (0, "[PAD]"), (1, "[UNK]"), (2, "[CLS]"), (3, "[SEP]"), (4, "[MASK]"));
    }

    /// <summary>XLM-R's: marks first, then pieces with their probabilities.</summary>
    internal static JsonObject Unigram()
    {
        var pieces = new JsonArray(Piece("<s>", 0), Piece("<pad>", 0), Piece("</s>", 0), Piece("<unk>", 0));
        foreach (var (word, i) in Words().Select(static (word, i) => (word, i)))
        {
            pieces.Add(Piece(word, -3 - (i * 0.17)));
        }

        foreach (var (letter, i) in Letters().Except(Words()).Select(static (letter, i) => (letter, i)))
        {
            pieces.Add(Piece(letter, -9 - (i * 0.013)));
        }

        return Root("Unigram", new JsonObject { ["type"] = "Unigram", ["unk_id"] = 3, ["vocab"] = pieces },
            new JsonObject { ["type"] = "Sequence", ["normalizers"] = new JsonArray(new JsonObject { ["type"] = "Replace", ["pattern"] = new JsonObject { ["Regex"] = " {2,}" }, ["content"] = " " }) },
            new JsonObject { ["type"] = "Sequence", ["pretokenizers"] = new JsonArray(new JsonObject { ["type"] = "WhitespaceSplit" }, Metaspace()) },
            Template(("<s>", 0), ("</s>", 2)),
            Metaspace(),
            (0, "<s>"), (1, "<pad>"), (2, "</s>"), (3, "<unk>"));
    }

    /// <summary>Gemma's: characters merged by rank, bytes for what is not known.</summary>
    internal static JsonObject CharacterBpe()
    {
        var tokens = new List<string> { "<pad>", "<eos>", "<bos>", "<unk>" };
        tokens.AddRange(Enumerable.Range(0, 256).Select(static value => $"<0x{value:X2}>"));
        tokens.Add("▁");
        tokens.AddRange(Letters());
        var merges = new List<(string Left, string Right)>();
        foreach (var word in Words())
        {
            for (var length = 1; length < word.Length; length++)
            {
                merges.Add((word[..length], word.Substring(length, 1)));
                tokens.Add(word[..(length + 1)]);
            }
        }

        return Root("BPE", new JsonObject
        {
            ["type"] = "BPE",
            ["unk_token"] = "<unk>",
            ["fuse_unk"] = true,
            ["byte_fallback"] = true,
            ["vocab"] = Numbered(tokens.Distinct()),
            ["merges"] = new JsonArray([.. merges.Distinct().Select(static merge => new JsonArray(merge.Left, merge.Right))]),
        },
            new JsonObject { ["type"] = "Replace", ["pattern"] = new JsonObject { ["String"] = " " }, ["content"] = "▁" },
            null,
            Template(null, ("<eos>", 1)),
            null,
            (0, "<pad>"), (1, "<eos>"), (2, "<bos>"), (3, "<unk>"));
    }

    /// <summary>RoBERTa's: bytes merged by rank.</summary>
    internal static JsonObject ByteBpe()
    {
        var letters = ByteSymbols.InVocabularyOrder.Select(static symbol => symbol.ToString()).ToList();
        var tokens = new List<string> { "<s>", "<pad>", "</s>", "<unk>" };
        tokens.AddRange(letters);
        var merges = new List<(string Left, string Right)>();
        foreach (var word in Words().Select(static word => word.Replace('▁', 'Ġ')).Where(static word => word.All(static unit => char.IsAscii(unit) || unit == 'Ġ')))
        {
            for (var length = 1; length < word.Length; length++)
            {
                merges.Add((word[..length], word.Substring(length, 1)));
                tokens.Add(word[..(length + 1)]);
            }
        }

        return Root("BPE", new JsonObject
        {
            ["type"] = "BPE",
            ["continuing_subword_prefix"] = "",
            ["end_of_word_suffix"] = "",
            ["vocab"] = Numbered(tokens.Distinct()),
            ["merges"] = new JsonArray([.. merges.Distinct().Select(static merge => (JsonNode)$"{merge.Left} {merge.Right}")]),
        },
            null,
            new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true },
            new JsonObject { ["type"] = "RobertaProcessing", ["sep"] = new JsonArray("</s>", 2), ["cls"] = new JsonArray("<s>", 0), ["trim_offsets"] = true, ["add_prefix_space"] = false },
            new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true },
            (0, "<s>"), (1, "<pad>"), (2, "</s>"), (3, "<unk>"));
    }

    private static IEnumerable<string> Words() => ["▁a", "▁photo", "▁of", "▁cat", "▁dog", "▁the", "▁night", "▁street", "s", "▁snow", "y", "▁repeat", "▁very", "very", "ing", "▁Hello", "▁World", "hello", "▁ca", "fé", "▁text", "▁t", "er", "an", "in"];

    private static IEnumerable<string> Letters() =>
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,!'-_:@你好世界日本語éïñ▁приметкса".EnumerateRunes().Select(static rune => rune.ToString());

    private static JsonObject Numbered(IEnumerable<string> tokens) => new(tokens.Select(static (token, id) => KeyValuePair.Create(token, (JsonNode?)id)));

    private static JsonArray Piece(string piece, double score) => new(piece, score);

    private static JsonObject Metaspace() => new() { ["type"] = "Metaspace", ["replacement"] = "▁", ["prepend_scheme"] = "always", ["split"] = true };

    private static JsonObject Template((string Token, int Id)? before, (string Token, int Id)? after)
    {
        var single = new JsonArray();
        var specials = new JsonObject();
        Add(before);
        single.Add(new JsonObject { ["Sequence"] = new JsonObject { ["id"] = "A", ["type_id"] = 0 } });
        Add(after);
        return new JsonObject { ["type"] = "TemplateProcessing", ["single"] = single, ["pair"] = new JsonArray(new JsonObject { ["Sequence"] = new JsonObject { ["id"] = "A", ["type_id"] = 0 } }, new JsonObject { ["Sequence"] = new JsonObject { ["id"] = "B", ["type_id"] = 1 } }), ["special_tokens"] = specials };

        void Add((string Token, int Id)? mark)
        {
            if (mark is { } given)
            {
                single.Add(new JsonObject { ["SpecialToken"] = new JsonObject { ["id"] = given.Token, ["type_id"] = 0 } });
                specials[given.Token] = new JsonObject { ["id"] = given.Token, ["ids"] = new JsonArray(given.Id), ["tokens"] = new JsonArray(given.Token) };
            }
        }
    }

    private static JsonObject Root(string kind, JsonObject model, JsonNode? normalizer, JsonNode? preTokenizer, JsonNode? postProcessor, JsonNode? decoder, params (int Id, string Token)[] specials) => new()
    {
        ["version"] = "1.0",
        ["truncation"] = null,
        ["padding"] = null,
        ["added_tokens"] = new JsonArray([.. specials.Select(static special => new JsonObject { ["id"] = special.Id, ["content"] = special.Token, ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = false, ["normalized"] = false, ["special"] = true })]),
        ["normalizer"] = normalizer,
        ["pre_tokenizer"] = preTokenizer,
        ["post_processor"] = postProcessor,
        ["decoder"] = decoder,
        ["model"] = model,
    };
}
