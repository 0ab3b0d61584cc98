using System.Net;
using System.Text;

namespace FlowKit.Clip.Tokenization;

/// <summary>Cleans a text as CLIP's tokenizers do: see <see cref="TextCleaning"/>.</summary>
internal static class TextCleaner
{
    private const char DottedCapitalI = '\u0130';

    /// <summary>The cleaned text: one space between words, none around, lower case.</summary>
    /// <remarks>A lone surrogate becomes U+FFFD.</remarks>
    internal static string Clean(string text, TextCleaning cleaning)
    {
        if (cleaning == TextCleaning.None)
        {
            return text;
        }

        if (cleaning != TextCleaning.HuggingFace)
        {
            text = CanonicalComposition.Of(Repair(text));
            if (text.Contains('&', StringComparison.Ordinal))
            {
                text = WebUtility.HtmlDecode(WebUtility.HtmlDecode(text));
            }
        }
        else
        {
            text = CanonicalComposition.Of(text);
        }

        return Collapse(cleaning == TextCleaning.Canonicalize ? WithoutPunctuation(text) : text);
    }

    /// <summary>White space as Python's <c>str.split()</c> sees it: four separators more than .NET.</summary>
    internal static bool IsSpace(Rune rune) => Rune.IsWhiteSpace(rune) || rune.Value is >= 0x1C and <= 0x1F;

    private static string WithoutPunctuation(string text) =>
        string.Concat(
            text.Replace('_', ' ').Where(static unit => !(char.IsAscii(unit) && (char.IsPunctuation(unit) || char.IsSymbol(unit)))));

    private static string Collapse(string text)
    {
        var result = new StringBuilder(text.Length);
        var pending = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsSpace(rune))
            {
                pending = result.Length > 0;
                continue;
            }

            if (pending)
            {
                result.Append(' ');
                pending = false;
            }

            AppendLower(result, rune);
        }

        return result.ToString();
    }

    private static void AppendLower(StringBuilder result, Rune rune)
    {
        if (rune.Value == DottedCapitalI)
        {
            // The one character that Python lowers differently from .NET.
            result.Append("i\u0307");
            return;
        }

        Span<char> units = stackalloc char[2];
        result.Append(units[..Rune.ToLowerInvariant(rune).EncodeToUtf16(units)]);
    }

    private static string Repair(string text)
    {
        if (Ascii.IsValid(text) && text.AsSpan().IndexOfAnyInRange('\0', '\u001F') < 0)
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        foreach (var unit in text)
        {
            if (!IsDropped(unit))
            {
                AppendRepaired(result, unit);
            }
        }

        return result.ToString();
    }

    private static void AppendRepaired(StringBuilder result, char unit) => _ = unit switch
    {
        '\u02BC' or (>= '\u2018' and <= '\u201B') => result.Append('\''),
        >= '\u201C' and <= '\u201F' => result.Append('"'),
        '\u3000' => result.Append(' '),
        >= '\uFF01' and <= '\uFF5E' => result.Append((char)(unit - 0xFEE0)),
        '\uFB00' => result.Append("ff"),
        '\uFB01' => result.Append("fi"),
        '\uFB02' => result.Append("fl"),
        '\uFB03' => result.Append("ffi"),
        '\uFB04' => result.Append("ffl"),
        '\uFB05' => result.Append("\u017Ft"),
        '\uFB06' => result.Append("st"),
        '\u0132' => result.Append("IJ"),
        '\u0133' => result.Append("ij"),
        _ => result.Append(unit),
    };

    // ftfy's remove_control_chars: all but tab, line feed, form feed, carriage return and the four separators.
    private static bool IsDropped(char unit) => unit
        is (< '\u0009')
        or '\u000B'
        or (>= '\u000E' and <= '\u001B')
        or '\u007F'
        or (>= '\u206A' and <= '\u206F')
        or '\uFEFF'
        or (>= '\uFFF9' and <= '\uFFFC');
}
