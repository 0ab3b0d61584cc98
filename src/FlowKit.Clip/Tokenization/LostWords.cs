using System.Text;

namespace FlowKit.Clip.Tokenization;

/// <summary>Counts what is cut off a text, and keeps its beginning.</summary>
internal sealed class LostWords
{
    private const char Gap = '\u2581';

    private readonly StringBuilder _text = new();
    private int _length;
    private char _last;

    /// <summary>The tokens cut off.</summary>
    internal int Tokens { get; private set; }

    /// <summary>The words of which at least one token was cut off.</summary>
    internal int Words { get; private set; }

    /// <summary>Adds a word, or the part of one that a section begins with.</summary>
    internal void AddWord(ReadOnlySpan<char> word, int tokens, bool continuesWord)
    {
        Tokens += tokens;
        if (!continuesWord && Words > 0)
        {
            Append(" ");
        }

        Words += continuesWord && Words > 0 ? 0 : 1;
        Append(word);
    }

    /// <summary>Adds a token that knows whether it begins a word. In some vocabularies it has the white space before it.</summary>
    internal void AddToken(ReadOnlySpan<char> text, bool beginsWord)
    {
        Tokens++;
        if (beginsWord && Words > 0 && !IsGap(_last) && !(text.Length > 0 && IsGap(text[0])))
        {
            Append(" ");
        }

        Words += beginsWord || Words == 0 ? 1 : 0;
        Append(text);
    }

    /// <summary>Adds characters to the token added last.</summary>
    internal void Append(ReadOnlySpan<char> text)
    {
        _last = text.IsEmpty ? _last : text[^1];
        _length += text.Length;
        _text.Append(text[..Math.Min(text.Length, TokenizedText.MaxLostText - _text.Length)]);
    }

    /// <summary>Makes the result of a text.</summary>
    /// <param name="ids">Its ids.</param>
    /// <param name="length">The number of ids before the padding.</param>
    /// <param name="areTokens">Whether tokens were added, which may have a character of their own for white space.</param>
    internal TokenizedText ToResult(int[] ids, int length, bool areTokens = false)
    {
        var text = (areTokens ? _text.Replace(Gap, ' ') : _text).ToString().Trim();
        return new TokenizedText(ids, length, Tokens, Words)
        {
            LostText = text,
            LostLength = _length > _text.Length ? _length : text.Length,
        };
    }

    private static bool IsGap(char unit) => unit == Gap || char.IsWhiteSpace(unit);
}
