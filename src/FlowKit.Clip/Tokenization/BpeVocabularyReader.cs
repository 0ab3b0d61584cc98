using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace FlowKit.Clip.Tokenization;

/// <summary>Reads a vocabulary from any of the files that CLIP models come with.</summary>
internal static class BpeVocabularyReader
{
    // OpenAI's file holds far more merges than its vocabulary of 49,408 uses.
    private const int OpenAiMerges = 49152 - 256 - 2;

    /// <summary>Reads one file, by its name: <c>*.json</c> is a Hugging Face tokenizer, anything else a list of merges.</summary>
    /// <param name="path">tokenizer.json, merges.txt or bpe_simple_vocab_16e6.txt(.gz).</param>
    /// <param name="vocabularyPath">A vocab.json beside merges.txt, where there is one.</param>
    /// <exception cref="FlowKitException">A file that is missing or malformed.</exception>
    internal static BpeVocabulary Read(string path, string? vocabularyPath)
    {
        try
        {
            if (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            {
                return ReadTokenizerJson(path);
            }

            var merges = ReadMerges(path);
            return new BpeVocabulary(vocabularyPath is null ? NumberInOrder(merges) : ReadIds(vocabularyPath), merges, path);
        }
        catch (Exception exception) when (exception
            is IOException
            or UnauthorizedAccessException
            or JsonException
            or InvalidOperationException
            or KeyNotFoundException
            or InvalidDataException)
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"The tokenizer file {path} cannot be read: {exception.Message}",
                exception);
        }
    }

    private static List<(string, string)> ReadMerges(string path)
    {
        using Stream file = File.OpenRead(path);
        using var reader = new StreamReader(
            path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file,
            Encoding.UTF8);
        var merges = new List<(string, string)>();

        // The first line is a header in every form of this file; later a symbol may itself begin with '#'.
        for (var line = reader.ReadLine(); (line = reader.ReadLine()) is not null && merges.Count < OpenAiMerges;)
        {
            if (line.Length > 0)
            {
                merges.Add(Pair(line, path));
            }
        }

        return merges;
    }

    private static BpeVocabulary ReadTokenizerJson(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var model = document.RootElement.GetProperty("model");
        var ids = model
            .GetProperty("vocab")
            .EnumerateObject()
            .ToDictionary(static entry => entry.Name, static entry => entry.Value.GetInt32());
        if (document.RootElement.TryGetProperty("added_tokens", out var added))
        {
            foreach (var token in added.EnumerateArray())
            {
                ids[token.GetProperty("content").GetString()!] = token.GetProperty("id").GetInt32();
            }
        }

        var merges = model.GetProperty("merges").EnumerateArray()
            .Select(merge =>
                merge.ValueKind == JsonValueKind.Array ? (merge[0].GetString()!, merge[1].GetString()!) : Pair(merge.GetString()!, path))
            .ToList();
        return new BpeVocabulary(ids, merges, path);
    }

    private static Dictionary<string, int> ReadIds(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.EnumerateObject().ToDictionary(static entry => entry.Name, static entry => entry.Value.GetInt32());
    }

    private static Dictionary<string, int> NumberInOrder(List<(string Left, string Right)> merges)
    {
        var tokens = ByteSymbols.InVocabularyOrder
            .Concat(ByteSymbols.InVocabularyOrder.Select(static symbol => symbol + ByteSymbols.EndOfWord))
            .Concat(merges.Select(static pair => pair.Left + pair.Right))
            .Append(WordSplitter.Begin)
            .Append(WordSplitter.End);
        var ids = new Dictionary<string, int>();
        var next = 0;
        foreach (var token in tokens)
        {
            // As in Python's dict(zip(...)), a token that comes twice keeps its last number.
            ids[token] = next++;
        }

        return ids;
    }

    private static (string, string) Pair(string line, string path)
    {
        var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length == 2
            ? (parts[0], parts[1])
            : throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"The tokenizer file {path} has a merge '{line}'; expected two symbols with a space between.");
    }
}
