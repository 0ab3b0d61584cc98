using System.Text;
using Microsoft.ML.Tokenizers;

namespace FlowKit.Clip.Tokenization;

/// <summary>BERT's WordPiece, of a <c>vocab.txt</c>: one token a line, its number is its id.</summary>
internal static class WordPieceFile
{
    private static readonly string[] Marks = ["[CLS]", "[SEP]", "[PAD]", "[UNK]", "[MASK]"];

    /// <summary>The tokenizer of a vocabulary.</summary>
    /// <param name="tokens">The tokens by id.</param>
    /// <param name="lowerCase">Whether words are made lower case first, as the uncased models and the Chinese ones do.</param>
    /// <param name="stripAccents">Whether accents go; by default they go with the case.</param>
    /// <param name="splitChinese">Whether each Chinese character is a word.</param>
    internal static TokenizerPlan Plan(
        IReadOnlyList<string> tokens, bool lowerCase = true, bool? stripAccents = null, bool splitChinese = true)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var id = 0; id < tokens.Count; id++)
        {
            ids[tokens[id]] = id;
        }

        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', tokens)));
        var specials = Marks.Where(ids.ContainsKey).ToDictionary(static token => token, token => ids[token]);
        return new TokenizerPlan(WordPieceTokenizer.Create(stream), tokens.Count, [ids["[CLS]"]], [ids["[SEP]"]], specials)
        {
            Prepare = new BertWords(lowerCase, stripAccents ?? lowerCase, splitChinese).Of,
        };
    }
}
