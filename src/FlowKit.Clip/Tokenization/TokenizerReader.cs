using System.Text;
using System.Text.Json.Nodes;
using FlowKit.Clip.Models;

namespace FlowKit.Clip.Tokenization;

/// <summary>Finds out what kind of tokenizer a vocabulary is for, and reads it.</summary>
internal static class TokenizerReader
{
    private const string Clip = "clip_bpe";
    private const string Bert = "bert";
    private const string Pieces = "sentencepiece";
    private const string Bytes = "byte_bpe";

    /// <summary>Reads a model's tokenizer.</summary>
    /// <exception cref="FlowKitException">No vocabulary file, one that cannot be read, or a kind that is not known.</exception>
    internal static TextTokenizer Read(ClipModelFolder folder)
    {
        var card = folder.Card;
        var path = folder.TokenizerPath ?? throw FolderLayout.NoTokenizer(folder.FullPath);
        var kind = card.Tokenizer.Length > 0 ? card.Tokenizer : KindOf(path);
        var found = KindOf(path);
        if (found != kind)
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"The model '{card.Name}' has the tokenizer '{kind}', but {path} holds a vocabulary for '{found}'.");
        }

        return kind switch
        {
            Clip => ClipTokenizer.Load(path, folder.PathOf(card.Files.Vocab), card.ContextLength, CleaningOf(card), card.PadId),
            Bert or Pieces or Bytes => new LibraryTokenizer(
                Plan(path, folder.PathOf(card.Files.Vocab), kind),
                card.ContextLength,
                card.PadId,
                CleaningOf(card),
                card.LowerCase && kind != Bert),
            _ => throw card.Unknown("tokenizer", kind, $"{Clip}, {Bert}, {Pieces} or {Bytes}"),
        };
    }

    /// <summary>The kind of tokenizer a file is for.</summary>
    /// <param name="path">The vocabulary, or <see langword="null"/> where there is none.</param>
    internal static string KindOf(string? path) => path is null ? Clip : Path.GetFileName(path) switch
    {
        "vocab.txt" => Bert,
        "merges.txt" => File.ReadLines(path).Skip(1).Take(1000).Any(static line => line.EndsWith("</w>", StringComparison.Ordinal))
            ? Clip
            : Bytes,
        var name when name.EndsWith(".model", StringComparison.Ordinal) => Pieces,
        var name when name.EndsWith(".json", StringComparison.Ordinal) => KindOf(ReadJson(path)),
        _ => Clip,
    };

    private static string KindOf(JsonObject root)
    {
        if (root["model"] is not JsonObject model || model["end_of_word_suffix"]?.GetValue<string>() == "</w>")
        {
            return Clip;
        }

        return model["type"]?.GetValue<string>() switch
        {
            "WordPiece" => Bert,
            "Unigram" => Pieces,
            "BPE" => HuggingFaceTokenizer.IsByteLevel(root) ? Bytes : Pieces,
            null when model["unk_id"] is not null => Pieces,
            null when model["continuing_subword_prefix"]?.GetValue<string>() == "##" => Bert,
            _ => Clip,
        };
    }

    private static TokenizerPlan Plan(string path, string? vocab, string kind)
    {
        try
        {
            return Path.GetExtension(path) switch
            {
                ".json" => HuggingFaceTokenizer.Plan(ReadJson(path), kind == Bert, kind == Bytes),
                ".model" => SentencePieceFile.Plan(path),
                _ when kind == Bert => WordPieceFile.Plan(File.ReadAllLines(path, Encoding.UTF8)),
                _ => ByteLevelFile.Plan(path, vocab ?? throw new InvalidDataException("a vocab.json must lie beside it")),
            };
        }
        catch (Exception exception) when (exception
            is IOException
            or InvalidDataException
            or InvalidOperationException
            or KeyNotFoundException
            or IndexOutOfRangeException
            or ArgumentException
            or NullReferenceException
            or Google.Protobuf.InvalidProtocolBufferException
            or FormatException)
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"The tokenizer file {path} cannot be read: {exception.Message}",
                exception);
        }
    }

    private static JsonObject ReadJson(string path) => CardReader.ReadFile(path, "tokenizer file");

    private static TextCleaning CleaningOf(ClipModelCard card) => card.TextCleaning switch
    {
        "openai" => TextCleaning.OpenAi,
        "huggingface" => TextCleaning.HuggingFace,
        "canonicalize" => TextCleaning.Canonicalize,
        "none" => TextCleaning.None,
        _ => throw card.Unknown("text_cleaning", card.TextCleaning, "openai, huggingface, canonicalize or none"),
    };
}
