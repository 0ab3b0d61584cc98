using System.IO.Compression;

namespace FlowKit.Clip.Tests;

/// <summary>Byte-pair merging as OpenAI wrote it, quadratic and plain, over the ids of ASCII words.</summary>
internal static class PlainMerge
{
    private const string EndOfWord = "</w>";
    private const int MergesUsed = 48_894;

    private static readonly Lazy<Dictionary<(string Left, string Right), int>> RanksLazy = new(ReadRanks);

    internal static int[] Of(ClipTokenizer tokenizer, string word)
    {
        var symbols = word.Select(static letter => letter.ToString()).ToList();
        symbols[^1] += EndOfWord;
        while (true)
        {
            var pairs = symbols.Zip(symbols.Skip(1)).Where(RanksLazy.Value.ContainsKey).ToList();
            if (pairs.Count == 0)
            {
                return [.. symbols.Select(symbol => Array.IndexOf(tokenizer.Vocabulary.Tokens, symbol))];
            }

            var (left, right) = pairs.MinBy(static pair => RanksLazy.Value[pair]);
            for (var i = 0; i + 1 < symbols.Count; i++)
            {
                if (symbols[i] == left && symbols[i + 1] == right)
                {
                    symbols[i] += right;
                    symbols.RemoveAt(i + 1);
                }
            }
        }
    }

    private static Dictionary<(string Left, string Right), int> ReadRanks()
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Vocabulary.Path("bpe_simple_vocab_16e6.txt.gz")), CompressionMode.Decompress));
        return reader.ReadToEnd().Split('\n').Skip(1).Take(MergesUsed)
            .Select(static (line, rank) => (Pair: line.Split(' '), Rank: rank))
            .ToDictionary(static merge => (merge.Pair[0], merge.Pair[1]), static merge => merge.Rank);
    }
}
