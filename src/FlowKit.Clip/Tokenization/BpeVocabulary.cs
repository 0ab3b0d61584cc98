using Microsoft.ML.Tokenizers;

namespace FlowKit.Clip.Tokenization;

/// <summary>Tokens with their ids, and the merges in the order they were learnt.</summary>
internal sealed class BpeVocabulary
{
    private readonly IReadOnlyDictionary<string, int> _ids;
    private readonly List<string> _merges;

    /// <summary>Checks the tables.</summary>
    /// <param name="ids">Every token's id.</param>
    /// <param name="merges">The pairs, best first.</param>
    /// <param name="source">The vocabulary's name in errors.</param>
    /// <exception cref="FlowKitException">A byte, a special token or a merge that the ids lack, or an id of two tokens.</exception>
    internal BpeVocabulary(IReadOnlyDictionary<string, int> ids, IReadOnlyList<(string Left, string Right)> merges, string source)
    {
        _ids = ids;
        Tokens = new string[ids.Values.Max() + 1];
        foreach (var (token, id) in ids)
        {
            Tokens[id] = Tokens[id] is { } other
                ? throw new FlowKitException(
                    FlowErrorCode.InvalidArgument,
                    $"{source}: the tokens '{other}' and '{token}' have the same id {id}.")
                : token;
        }

        foreach (var symbol in ByteSymbols.InVocabularyOrder)
        {
            Require(symbol);
            Require(symbol + ByteSymbols.EndOfWord);
        }

        (BeginId, EndId) = (Require(WordSplitter.Begin), Require(WordSplitter.End));
        foreach (var (left, right) in merges)
        {
            Require(left);
            Require(right);
            Require(left + right);
        }

        // Of a pair that comes twice the first counts.
        _merges = [.. merges.Distinct().Select(static pair => $"{pair.Left} {pair.Right}")];
        MaxTokenLength = ids.Keys.Max(static token => token.Length);

        int Require(string token) => ids.TryGetValue(token, out var id)
            ? id
            : throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"{source}: the vocabulary has no token '{token}', which a CLIP tokenizer needs.");
    }

    /// <summary>The number of ids.</summary>
    internal int Count => Tokens.Length;

    /// <summary>The tokens by id; <see langword="null"/> where an id is not used.</summary>
    internal string?[] Tokens { get; }

    /// <summary>The length of the longest token, in bytes.</summary>
    internal int MaxTokenLength { get; }

    /// <summary>The id that begins a text.</summary>
    internal int BeginId { get; }

    /// <summary>The id that ends a text.</summary>
    internal int EndId { get; }

    /// <summary>Makes what merges the bytes of a word.</summary>
    /// <param name="endOfWord">The suffix of a word's last symbol; <see langword="null"/> for a text that goes on.</param>
    internal BpeTokenizer CreateTokenizer(string? endOfWord) =>
        BpeTokenizer.Create(new BpeOptions(_ids) { Merges = _merges, ByteLevel = true, EndOfWordSuffix = endOfWord });
}
