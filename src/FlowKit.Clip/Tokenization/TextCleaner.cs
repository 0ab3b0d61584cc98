using System.Buffers;
using System.Text;
using FlowKit.Clip.Tokenization.Cleaning;

namespace FlowKit.Clip.Tokenization;

/// <summary>Cleans a text as CLIP's tokenizers do: see <see cref="TextCleaning"/>.</summary>
internal static class TextCleaner
{
    /// <summary>The cleaned text: one space between words, none around, lower case.</summary>
    /// <param name="text">The text, or a section of one.</param>
    /// <param name="cleaning">The way of cleaning it.</param>
    /// <param name="isHtml">Whether an angle bracket stands before the section, from which on ftfy leaves entities.</param>
    /// <remarks>A lone surrogate becomes U+FFFD.</remarks>
    internal static string Clean(string text, TextCleaning cleaning, bool isHtml = false) => cleaning switch
    {
        TextCleaning.None => text,

        // Hugging Face's library takes every character for itself: a sigma at the end of a word is one as any other.
        TextCleaning.HuggingFace => Collapse(CanonicalComposition.Of(text), wordsTellCase: false),
        TextCleaning.Canonicalize => Collapse(WithoutPunctuation(Repair(text, isHtml)), wordsTellCase: true),
        _ => Collapse(Repair(text, isHtml), wordsTellCase: true),
    };

    /// <summary>White space as Python's <c>str.split()</c> sees it: four separators more than .NET.</summary>
    internal static bool IsSpace(Rune rune) => Rune.IsWhiteSpace(rune) || rune.Value is >= 0x1C and <= 0x1F;

    // OpenAI's own decoding of entities comes after ftfy: twice, by HTML's rules, and nothing that it brings is mended.
    private static string Repair(string text, bool isHtml) => HtmlText.Unescape(HtmlText.Unescape(TextRepair.Of(text, isHtml)));

    private static string WithoutPunctuation(string text) =>
        string.Concat(
            text.Replace('_', ' ').Where(static unit => !(char.IsAscii(unit) && (char.IsPunctuation(unit) || char.IsSymbol(unit)))));

    private static string Collapse(string text, bool wordsTellCase)
    {
        if (Ascii.IsValid(text))
        {
            return CollapseAscii(text);
        }

        var result = new StringBuilder(text.Length);
        var context = wordsTellCase ? text.AsSpan() : default;
        var (pending, at) = (false, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsSpace(rune))
            {
                pending = result.Length > 0;
            }
            else
            {
                if (pending)
                {
                    result.Append(' ');
                    pending = false;
                }

                LowerCase.Append(result, rune, context, at);
            }

            at += rune.Utf16SequenceLength;
        }

        return result.ToString();
    }

    // Most texts are ASCII, in which a character is one unit, and its lower case too.
    private static string CollapseAscii(string text)
    {
        var units = ArrayPool<char>.Shared.Rent(text.Length);
        var (length, pending) = (0, false);
        foreach (var unit in text)
        {
            if (unit is ' ' or (>= '\t' and <= '\r') or (>= '\u001C' and <= '\u001F'))
            {
                pending = length > 0;
                continue;
            }

            if (pending)
            {
                units[length++] = ' ';
                pending = false;
            }

            units[length++] = char.IsAsciiLetterUpper(unit) ? (char)(unit | 0x20) : unit;
        }

        var result = new string(units, 0, length);
        ArrayPool<char>.Shared.Return(units);
        return result;
    }
}
