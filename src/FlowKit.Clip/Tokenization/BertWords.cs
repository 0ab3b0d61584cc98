using System.Globalization;
using System.Text;

namespace FlowKit.Clip.Tokenization;

/// <summary>
/// BERT's basic tokenization: control characters go, white space is one space, Chinese characters and punctuation marks are words of their
/// own, and where the model is uncased, letters are small and without accents. Our own, because the library's sees UTF-16 units and needs
/// ICU.
/// </summary>
/// <param name="lowerCase">Whether letters are made small.</param>
/// <param name="stripAccents">Whether accents go.</param>
/// <param name="splitChinese">Whether each Chinese character is a word.</param>
internal sealed class BertWords(bool lowerCase, bool stripAccents, bool splitChinese)
{
    /// <summary>The words, one space between.</summary>
    internal string Of(string text)
    {
        text = stripAccents ? CanonicalComposition.Decomposed(text) : text;
        var result = new StringBuilder(text.Length + 16);
        Span<char> units = stackalloc char[2];
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsSpace(rune))
            {
                result.Append(' ');
                continue;
            }

            if (IsDropped(rune))
            {
                continue;
            }

            var alone = (splitChinese && IsChinese(rune.Value)) || IsPunctuation(rune);
            result
                .Append(alone ? " " : "")
                .Append(units[..(lowerCase ? Rune.ToLowerInvariant(rune) : rune).EncodeToUtf16(units)])
                .Append(alone ? " " : "");
        }

        return string.Join(' ', result.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    private static bool IsSpace(Rune rune) => rune.Value is '\t' or '\n' or '\r' || Rune.IsWhiteSpace(rune);

    private bool IsDropped(Rune rune) =>
        rune.Value is 0 or 0xFFFD
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
        || (stripAccents && Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark);

    private static bool IsPunctuation(Rune rune) =>
        rune.IsAscii ? char.IsPunctuation((char)rune.Value) || char.IsSymbol((char)rune.Value) : Rune.IsPunctuation(rune);

    private static bool IsChinese(int point) => point
        is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B820 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
