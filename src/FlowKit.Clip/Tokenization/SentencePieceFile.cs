using FlowKit.Clip.SentencePiece;
using Google.Protobuf;
using Microsoft.ML.Tokenizers;

namespace FlowKit.Clip.Tokenization;

/// <summary>
/// SentencePiece's own model files: SigLIP's <c>spiece.model</c>, XLM-R's <c>sentencepiece.bpe.model</c>, Gemma's <c>tokenizer.model</c>.
/// </summary>
internal static class SentencePieceFile
{
    internal const int Unigram = 1;
    internal const int Bpe = 2;
    internal const int Normal = 1;
    internal const int Unknown = 2;
    internal const int Control = 3;
    internal const int Byte = 6;

    private const string FairseqName = "sentencepiece.bpe.model";

    /// <summary>The tokenizer of a file; the file's name says whether its ids are shifted as fairseq does it.</summary>
    internal static TokenizerPlan Plan(string path)
    {
        var model = PieceModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var id = 0; id < model.Pieces.Count; id++)
        {
            ids.TryAdd(model.Pieces[id].Piece, id);
        }

        if (Path.GetFileName(path) == FairseqName)
        {
            // fairseq puts <s> <pad> </s> <unk> first and moves every other piece up by one.
            var specials = new Dictionary<string, int>
            {
                ["<s>"] = 0,
                ["<pad>"] = 1,
                ["</s>"] = 2,
                ["<unk>"] = 3,
                ["<mask>"] = model.Pieces.Count + 1,
            };
            return new TokenizerPlan(Create(model), model.Pieces.Count + 2, [0], [2], specials, Shift: 1, Unknown: 3)
            {
                FusedUnknown = 3,
                Prepare = SpacesOf(model),
            };
        }

        var marks = model.Pieces
            .Where(static piece => piece.Type is Control or Unknown)
            .ToDictionary(static piece => piece.Piece, piece => ids[piece.Piece]);
        return new TokenizerPlan(
            Create(model),
            model.Pieces.Count,
            [],
            [ids[model.TrainerSpec?.EosPiece is { Length: > 0 } mark ? mark : "</s>"]],
            marks)
        {
            FusedUnknown = model.Pieces.ToList().FindIndex(static piece => piece.Type == Unknown),
            Prepare = SpacesOf(model),
        };
    }

    /// <summary>A model that normalises makes every white space a space; the library leaves tabs and line ends.</summary>
    private static Func<string, string> SpacesOf(PieceModelProto model) => model.NormalizerSpec?.PrecompiledCharsmap.Length > 0
        ? static text => string.Concat(text.Select(static unit => char.IsWhiteSpace(unit) ? ' ' : unit))
        : static text => text;

    /// <summary>The library's tokenizer of a model; it adds no marks of its own.</summary>
    internal static SentencePieceTokenizer Create(PieceModelProto model)
    {
        using var stream = new MemoryStream(WithMarks(model).ToByteArray());
        return SentencePieceTokenizer.Create(stream, false, false);
    }

    /// <summary>
    /// The model with a place for each mark: the library cannot read one that says of a mark that it has none, as SigLIP's says of its
    /// begin. The unknown piece takes that place, which no text is ever encoded with.
    /// </summary>
    private static PieceModelProto WithMarks(PieceModelProto model)
    {
        var whole = model.Clone();
        var spec = whole.TrainerSpec ??= new TrainerProto();
        var unknown = spec.HasUnkPiece ? spec.UnkPiece : "<unk>";
        if (spec is { HasBosId: true, BosId: < 0 })
        {
            (spec.BosId, spec.BosPiece) = (spec.UnkId, unknown);
        }

        if (spec is { HasEosId: true, EosId: < 0 })
        {
            (spec.EosId, spec.EosPiece) = (spec.UnkId, unknown);
        }

        return whole;
    }
}
