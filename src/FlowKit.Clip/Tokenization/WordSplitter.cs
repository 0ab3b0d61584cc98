using System.Globalization;
using System.Text;

namespace FlowKit.Clip.Tokenization;

/// <summary>
/// Splits a cleaned text as CLIP's pattern does:
/// <c>special|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+</c>.
/// </summary>
/// <remarks>It walks code points: .NET's regular expressions see UTF-16 units and would cut characters beyond U+FFFF.</remarks>
/// <param name="text">The cleaned text.</param>
/// <param name="specials">Whether special tokens are pieces of their own.</param>
/// <param name="ignoresCase">Whether the pattern ignores case, as OpenAI's does: then a long s is an s.</param>
internal ref struct WordSplitter(ReadOnlySpan<char> text, bool specials, bool ignoresCase)
{
    /// <summary>The begin mark as text.</summary>
    internal const string Begin = "<|startoftext|>";

    /// <summary>The end mark as text.</summary>
    internal const string End = "<|endoftext|>";

    private const string LongS = "'\u017F";

    private static readonly string[] Contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    private ReadOnlySpan<char> _rest = text;

    private enum Kind
    {
        Space,
        Letter,
        Number,
        Other,
    }

    /// <summary>The piece found last.</summary>
    internal ReadOnlySpan<char> Current { get; private set; }

    /// <summary>Finds the next piece.</summary>
    internal bool MoveNext()
    {
        while (!_rest.IsEmpty)
        {
            var kind = KindAt(_rest, out var length);
            if (kind == Kind.Space)
            {
                _rest = _rest[length..];
                continue;
            }

            Current = _rest[..Fixed(length, kind)];
            _rest = _rest[Current.Length..];
            return true;
        }

        return false;
    }

    private readonly int Fixed(int length, Kind kind)
    {
        if (specials && _rest[0] == '<')
        {
            if (_rest.StartsWith(Begin, StringComparison.Ordinal) || _rest.StartsWith(End, StringComparison.Ordinal))
            {
                return _rest.IndexOf('>') + 1;
            }
        }

        if (_rest[0] == '\'')
        {
            foreach (var contraction in Contractions)
            {
                if (_rest.StartsWith(contraction, StringComparison.Ordinal))
                {
                    return contraction.Length;
                }
            }

            if (ignoresCase && _rest.StartsWith(LongS, StringComparison.Ordinal))
            {
                return LongS.Length;
            }
        }

        return kind == Kind.Number ? length : RunOf(kind, length);
    }

    private readonly int RunOf(Kind kind, int length)
    {
        while (length < _rest.Length && KindAt(_rest[length..], out var next) == kind)
        {
            length += next;
        }

        return length;
    }

    private static Kind KindAt(ReadOnlySpan<char> text, out int length)
    {
        Rune.DecodeFromUtf16(text, out var rune, out length);
        return TextCleaner.IsSpace(rune) ? Kind.Space : Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
            _ => Kind.Other,
        };
    }
}
