using System.Globalization;
using FlowKit.Clip;

namespace FlowKit.Executors.Texts;

/// <summary>
/// Tells texts that say nothing to a model: empty ones, and those that its cleaning makes empty, such as <c>&amp;nbsp;</c>. The embedding
/// of no text would be near to everything.
/// </summary>
internal static class BlankText
{
    private const int MaxEntityLength = 32;

    /// <summary>Tells whether a text has something to embed.</summary>
    public static bool HasContent(ClipModel model, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return false;
        }

        // Only what has neither letter nor emoji outside an entity may come to nothing; the tokenizer knows.
        return HasLetter(text) || !model.HasText || !Ids(model, text).SequenceEqual(Ids(model, ""));
    }

    private static ReadOnlySpan<int> Ids(ClipModel model, string text)
    {
        var tokens = model.Tokenizer.Encode(text);
        return tokens.Ids.AsSpan(0, tokens.Length);
    }

    /// <summary>Indicates an emoji or another sign outside of ASCII, which no cleaning takes away.</summary>
    private static bool IsPicture(string text, int at) =>
        !char.IsAscii(text[at]) && char.GetUnicodeCategory(text, at) == UnicodeCategory.OtherSymbol;

    private static bool HasLetter(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            // One in another, &amp;nbsp;, ends at the last of these.
            if (text[i] == '&' && text.AsSpan(i, Math.Min(MaxEntityLength, text.Length - i)).LastIndexOf(';') is > 0 and var length)
            {
                i += length;
            }
            else if (char.IsLetterOrDigit(text, i) || IsPicture(text, i))
            {
                return true;
            }
        }

        return false;
    }
}
