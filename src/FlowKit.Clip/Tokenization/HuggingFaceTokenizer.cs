using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Clip.SentencePiece;
using Google.Protobuf;

namespace FlowKit.Clip.Tokenization;

/// <summary>Hugging Face's <c>tokenizer.json</c> with a WordPiece, Unigram or BPE vocabulary.</summary>
internal static class HuggingFaceTokenizer
{
    /// <summary>Indicates whether the tokenizer's BPE works on bytes, as GPT-2's does.</summary>
    internal static bool IsByteLevel(JsonObject root) =>
        Steps(root["pre_tokenizer"]).Concat(Steps(root["decoder"])).Any(static step => Kind(step) == "ByteLevel");

    /// <summary>The tokenizer that a file describes.</summary>
    internal static TokenizerPlan Plan(JsonObject root, bool wordPiece, bool byteLevel)
    {
        var specials = root["added_tokens"]?.AsArray()
            .Where(static token => token!["special"]?.GetValue<bool>() == true)
            .ToDictionary(
                static token => token!["content"]!.GetValue<string>(),
                static token => token!["id"]!.GetValue<int>(),
                StringComparer.Ordinal) ?? [];
        var (before, after) = Marks(root["post_processor"] as JsonObject, specials);
        var plan = (wordPiece, byteLevel) switch
        {
            (true, _) => WordPiece(root),
            (_, true) => Bytes(root, before, after, specials),
            _ => Pieces(root),
        };
        return plan with { Before = before, After = after, Specials = specials };
    }

    private static TokenizerPlan WordPiece(JsonObject root)
    {
        var vocab = Vocabulary(root);
        var tokens = new string[vocab.Values.Max() + 1];
        Array.Fill(tokens, "[unused]");
        foreach (var (token, id) in vocab)
        {
            tokens[id] = token;
        }

        var rule = Steps(root["normalizer"]).FirstOrDefault(static step => Kind(step) == "BertNormalizer");
        return WordPieceFile.Plan(
            tokens,
            Flag(rule, "lowercase", true),
            rule?["strip_accents"]?.GetValue<bool>(),
            Flag(rule, "handle_chinese_chars", true));
    }

    private static TokenizerPlan Bytes(JsonObject root, int[] before, int[] after, Dictionary<string, int> specials)
    {
        var steps = NormalizerSteps.Of(Steps(root["normalizer"]), splitsAtSpaces: false);
        var isSpaced = Flag(
            Steps(root["pre_tokenizer"]).FirstOrDefault(static step => Kind(step) == "ByteLevel"),
            "add_prefix_space",
            false);
        return ByteLevelFile.Plan(
            Vocabulary(root),
            Merges(root).Select(static merge => $"{merge.Left} {merge.Right}"),
            before,
            after,
            specials) with
        {
            Prepare = text => steps(text) is var clean && isSpaced && clean.Length > 0 && !char.IsWhiteSpace(clean[0])
                ? " " + clean
                : clean,
        };
    }

    private static TokenizerPlan Pieces(JsonObject root)
    {
        var model = root["model"]!.AsObject();
        var proto = model["vocab"] is JsonArray list ? Unigram(model, list) : CharacterBpe(root, model);
        proto.NormalizerSpec = Normalizer(root);
        return new TokenizerPlan(SentencePieceFile.Create(proto), proto.Pieces.Count, [], [], new Dictionary<string, int>())
        {
            Prepare = NormalizerSteps.Of(
                Steps(root["normalizer"]), Steps(root["pre_tokenizer"]).Any(static step => Kind(step) == "WhitespaceSplit")),
            FusedUnknown = proto.TrainerSpec.ModelType == SentencePieceFile.Unigram || Flag(model, "fuse_unk", false)
                ? proto.TrainerSpec.UnkId
                : -1,
        };
    }

    private static PieceModelProto Unigram(JsonObject model, JsonArray vocab)
    {
        var unknown = model["unk_id"]?.GetValue<int>() ?? 0;
        var proto = new PieceModelProto
        {
            TrainerSpec = new TrainerProto
            {
                ModelType = SentencePieceFile.Unigram,
                UnkId = unknown,
                ByteFallback = Flag(model, "byte_fallback", false),
            },
        };
        foreach (var entry in vocab)
        {
            proto.Pieces.Add(
                new PieceProto
                {
                    Piece = entry![0]!.GetValue<string>(),
                    Score = (float)entry[1]!.GetValue<double>(),
                    Type = SentencePieceFile.Normal,
                });
        }

        return WithMarks(proto, unknown);
    }

    /// <summary>SentencePiece merges the pair whose whole has the best score; the first merge that makes it says how good it is.</summary>
    private static PieceModelProto CharacterBpe(JsonObject root, JsonObject model)
    {
        var vocab = Vocabulary(root);
        var scores = new Dictionary<string, float>(StringComparer.Ordinal);
        foreach (var (left, right) in Merges(root))
        {
            scores.TryAdd(left + right, -scores.Count - 1);
        }

        var unknown = vocab.GetValueOrDefault(model["unk_token"]?.GetValue<string>() ?? "<unk>");
        var proto = new PieceModelProto
        {
            TrainerSpec = new TrainerProto
            {
                ModelType = SentencePieceFile.Bpe,
                UnkId = unknown,
                ByteFallback = Flag(model, "byte_fallback", false),
            },
        };
        foreach (var token in vocab.OrderBy(static entry => entry.Value).Select(static entry => entry.Key))
        {
            proto.Pieces.Add(
                new PieceProto
                {
                    Piece = token,
                    Score = scores.GetValueOrDefault(token, -1e9f),
                    Type = token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal)
                        ? SentencePieceFile.Byte
                        : SentencePieceFile.Normal,
                });
        }

        return WithMarks(proto, unknown);
    }

    /// <summary>Tokens such as <c>&lt;s&gt;</c> are marks: no text is ever read as one.</summary>
    private static PieceModelProto WithMarks(PieceModelProto proto, int unknown)
    {
        proto.Pieces[unknown].Type = SentencePieceFile.Unknown;
        proto.TrainerSpec.UnkPiece = proto.Pieces[unknown].Piece;
        var marks = proto.Pieces.Where(static piece =>
            piece.Type == SentencePieceFile.Normal && piece.Piece is "<s>" or "</s>" or "<pad>" or "<bos>" or "<eos>" or "<mask>");
        foreach (var piece in marks)
        {
            piece.Type = SentencePieceFile.Control;
        }

        (proto.TrainerSpec.BosId, proto.TrainerSpec.EosId, proto.TrainerSpec.PadId) =
            (Place("<s>", "<bos>"), Place("</s>", "<eos>"), Place("<pad>", "<pad>"));
        (proto.TrainerSpec.BosPiece, proto.TrainerSpec.EosPiece) =
            (Piece(proto.TrainerSpec.BosId, "<s>"), Piece(proto.TrainerSpec.EosId, "</s>"));
        return proto;

        int Place(string name, string other)
        {
            for (var id = 0; id < proto.Pieces.Count; id++)
            {
                if (proto.Pieces[id].Piece == name || proto.Pieces[id].Piece == other)
                {
                    return id;
                }
            }

            return -1;
        }

        string Piece(int id, string otherwise) => id < 0 ? otherwise : proto.Pieces[id].Piece;
    }

    private static NormalizerProto Normalizer(JsonObject root)
    {
        var steps = Steps(root["normalizer"]).ToList();
        var words = Steps(root["pre_tokenizer"]).ToList();
        var metaspace = words.Find(static step => Kind(step) == "Metaspace");
        var map = steps.Find(static step => Kind(step) == "Precompiled")?["precompiled_charsmap"]?.GetValue<string>();
        var isPrefixed = metaspace is not null
            && metaspace["prepend_scheme"]?.GetValue<string>() != "never"
            && Flag(metaspace, "add_prefix_space", true);
        return new NormalizerProto
        {
            Name = "tokenizer.json",
            PrecompiledCharsmap = map is not null ? ByteString.FromBase64(map) : ByteString.Empty,
            AddDummyPrefix = isPrefixed || steps.Exists(static step => Kind(step) == "Prepend"),
            RemoveExtraWhitespaces = words.Exists(static step => Kind(step) == "WhitespaceSplit")
                || steps.Exists(static step => step["pattern"]?["Regex"]?.GetValue<string>() == " {2,}"),
            EscapeWhitespaces = true,
        };
    }

    /// <summary>Reads the ids before and after a text: those of a template, or the two marks of BERT and RoBERTa.</summary>
    private static (int[] Before, int[] After) Marks(JsonObject? rule, Dictionary<string, int> specials)
    {
        var step = Steps(rule).FirstOrDefault(static step => Kind(step) is "TemplateProcessing" or "BertProcessing" or "RobertaProcessing");
        if (step is null)
        {
            return ([], []);
        }

        if (Kind(step) != "TemplateProcessing")
        {
            return ([step["cls"]![1]!.GetValue<int>()], [step["sep"]![1]!.GetValue<int>()]);
        }

        var single = step["single"]!.AsArray();
        var text = single.ToList().FindIndex(static part => part!["Sequence"] is not null);
        return ([.. single.Take(text).SelectMany(Ids)], [.. single.Skip(text + 1).SelectMany(Ids)]);

        IEnumerable<int> Ids(JsonNode? part)
        {
            var name = part!["SpecialToken"]!["id"]!.GetValue<string>();
            return step["special_tokens"]?[name]?["ids"] is JsonArray ids
                ? ids.Select(static id => id!.GetValue<int>())
                : [specials[name]];
        }
    }

    private static Dictionary<string, int> Vocabulary(JsonObject root)
    {
        var vocab = root["model"]!["vocab"]!
            .AsObject()
            .ToDictionary(static entry => entry.Key, static entry => entry.Value!.GetValue<int>(), StringComparer.Ordinal);
        foreach (var token in root["added_tokens"]?.AsArray() ?? [])
        {
            vocab.TryAdd(token!["content"]!.GetValue<string>(), token["id"]!.GetValue<int>());
        }

        return vocab;
    }

    private static IEnumerable<(string Left, string Right)> Merges(JsonObject root) =>
        root["model"]!["merges"]!.AsArray().Select(static merge => Pair(merge!));

    private static (string Left, string Right) Pair(JsonNode merge)
    {
        if (merge is JsonArray pair)
        {
            return (pair[0]!.GetValue<string>(), pair[1]!.GetValue<string>());
        }

        return merge.GetValue<string>().Split(' ') is [var left, var right]
            ? (left, right)
            : throw new InvalidDataException($"the merge '{merge}' is not two symbols");
    }

    /// <summary>A step, or the steps of a sequence.</summary>
    private static IEnumerable<JsonObject> Steps(JsonNode? node)
    {
        if (node is not JsonObject step)
        {
            return [];
        }

        return (step["normalizers"] ?? step["pretokenizers"] ?? step["processors"] ?? step["decoders"]) is JsonArray list
            ? list.SelectMany(Steps)
            : [step];
    }

    private static string? Kind(JsonObject step) => step["type"]?.GetValue<string>();

    private static bool Flag(JsonObject? step, string name, bool otherwise) =>
        step?[name] is { } value && value.GetValueKind() is JsonValueKind.True or JsonValueKind.False
            ? step[name]!.GetValue<bool>()
            : otherwise;
}
