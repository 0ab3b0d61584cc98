using System.Text;
using Microsoft.ML.Tokenizers;

namespace FlowKit.Clip.Tokenization;

/// <summary>
/// Turns one word into ids, by the byte-pair merging of Microsoft.ML.Tokenizers. Its time grows with the square of a word's length, so a
/// word that is longer than any text can hold is encoded in pieces: the first is so long that no id that fits depends on where it ends.
/// </summary>
internal sealed class BpeWordEncoder
{
    /// <summary>The bytes of a piece that is only counted: short enough to be merged as fast as common words are.</summary>
    private const int PieceBytes = 512;

    /// <summary>The tokens before a cut that may be others than without it; merges reach over one or two.</summary>
    private const int SpareTokens = 16;

    private readonly BpeTokenizer _words;
    private readonly Lazy<BpeTokenizer> _beginnings;
    private readonly int _wholeBytes;

    /// <summary>Makes an encoder.</summary>
    /// <param name="vocabulary">The tokens and merges.</param>
    /// <param name="contextLength">The ids of a text.</param>
    internal BpeWordEncoder(BpeVocabulary vocabulary, int contextLength)
    {
        _words = vocabulary.CreateTokenizer(ByteSymbols.EndOfWord);
        _beginnings = new Lazy<BpeTokenizer>(() => vocabulary.CreateTokenizer(endOfWord: null));
        _wholeBytes = (contextLength + SpareTokens) * vocabulary.MaxTokenLength;
    }

    /// <summary>Returns the ids of one word.</summary>
    /// <param name="word">Any characters.</param>
    internal int[] Encode(ReadOnlySpan<char> word)
    {
        if (Fitting(word, _wholeBytes) == word.Length)
        {
            return [.. Encode(_words, word)];
        }

        var ids = new List<int>();
        for (var limit = _wholeBytes; !word.IsEmpty; limit = PieceBytes)
        {
            var length = Fitting(word, limit);
            ids.AddRange(Encode(length == word.Length ? _words : _beginnings.Value, word[..length]));
            word = word[length..];
        }

        return [.. ids];
    }

    private static IReadOnlyList<int> Encode(BpeTokenizer tokenizer, ReadOnlySpan<char> text) =>
        tokenizer.EncodeToIds(text, considerPreTokenization: false, considerNormalization: false);

    /// <summary>Counts the leading characters that have at most so many bytes in UTF-8, without cutting one in two.</summary>
    private static int Fitting(ReadOnlySpan<char> word, int maxBytes)
    {
        const int MaxBytesOfUnit = 3;
        if (word.Length <= maxBytes / MaxBytesOfUnit)
        {
            return word.Length;
        }

        var (length, bytes) = (0, 0);
        while (length < word.Length)
        {
            Rune.DecodeFromUtf16(word[length..], out var rune, out var units);
            bytes += rune.Utf8SequenceLength;
            if (bytes > maxBytes)
            {
                break;
            }

            length += units;
        }

        return length;
    }
}
