using System.Globalization;
using System.Text;

namespace FlowKit.Clip.Tokenization.Cleaning;

/// <summary>Unicode's full lower case, as Python's <c>str.lower</c>: two characters are more than a look at a table.</summary>
internal static class LowerCase
{
    private const char DottedCapitalI = '\u0130', CapitalSigma = '\u03A3';

    // Beside marks, modifiers and formats: the punctuation that may stand within a word.
    private const string WithinWords = "'.:\u00B7\u0387\u055F\u05F4\u2018\u2019\u2024\u2027\uFE13\uFE52\uFE55\uFF07\uFF0E\uFF1A";

    /// <summary>Adds the lower case of a character that stands in a text.</summary>
    /// <param name="result">Takes it.</param>
    /// <param name="rune">The character.</param>
    /// <param name="text">The text, whose words tell which sigma is meant; empty where every character is taken for itself.</param>
    /// <param name="at">The place of the character.</param>
    internal static void Append(StringBuilder result, Rune rune, ReadOnlySpan<char> text, int at)
    {
        switch (rune.Value)
        {
            case DottedCapitalI:
                result.Append("i\u0307");
                return;
            case CapitalSigma:
                result.Append(!text.IsEmpty && IsCasedLast(text[..at]) && !IsCasedFirst(text[(at + 1)..]) ? '\u03C2' : '\u03C3');
                return;
            default:
                Span<char> units = stackalloc char[2];
                result.Append(units[..Rune.ToLowerInvariant(rune).EncodeToUtf16(units)]);
                return;
        }
    }

    private static bool IsCasedLast(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            Rune.DecodeLastFromUtf16(text, out var rune, out var length);
            if (!IsIgnored(rune))
            {
                return IsCased(rune);
            }

            text = text[..^length];
        }

        return false;
    }

    private static bool IsCasedFirst(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf16(text, out var rune, out var length);
            if (!IsIgnored(rune))
            {
                return IsCased(rune);
            }

            text = text[length..];
        }

        return false;
    }

    private static bool IsIgnored(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
            or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol
        || (rune.IsBmp && WithinWords.Contains((char)rune.Value, StringComparison.Ordinal));

    private static bool IsCased(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        || rune.Value is 0xAA or 0xBA
            or (>= 0x2160 and <= 0x217F)
            or (>= 0x24B6 and <= 0x24E9)
            or (>= 0x1F130 and <= 0x1F149)
            or (>= 0x1F150 and <= 0x1F169)
            or (>= 0x1F170 and <= 0x1F189);
}
