using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace FlowKit.Clip.Tokenization;

/// <summary>GPT-2's byte-level BPE, of a <c>vocab.json</c> with <c>merges.txt</c>.</summary>
internal static partial class ByteLevelFile
{
    private static readonly string[] Marks = ["<s>", "</s>", "<pad>", "<unk>", "<mask>"];

    /// <summary>The tokenizer of two files, with RoBERTa's marks around a text.</summary>
    internal static TokenizerPlan Plan(string merges, string vocab)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(vocab));
        var ids = document.RootElement
            .EnumerateObject()
            .ToDictionary(static entry => entry.Name, static entry => entry.Value.GetInt32(), StringComparer.Ordinal);
        var lines = File.ReadLines(merges).Where(static line => line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal));
        var specials = Marks.Where(ids.ContainsKey).ToDictionary(static token => token, token => ids[token]);
        return Plan(ids, lines, [ids["<s>"]], [ids["</s>"]], specials);
    }

    /// <summary>The tokenizer of a vocabulary.</summary>
    internal static TokenizerPlan Plan(
        IReadOnlyDictionary<string, int> ids,
        IEnumerable<string> merges,
        int[] before,
        int[] after,
        IReadOnlyDictionary<string, int> specials)
    {
        var options = new BpeOptions(ids) { Merges = merges, ByteLevel = true, PreTokenizer = new RegexPreTokenizer(Words(), null) };
        return new TokenizerPlan(BpeTokenizer.Create(options), ids.Values.Max() + 1, before, after, specials);
    }

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    private static partial Regex Words();
}
