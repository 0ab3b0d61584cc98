using System.Globalization;

namespace FlowKit.VectorStores.Words;

/// <summary>The words of a plain text: runs of letters, digits and the marks upon them. Every other sign stands between words.</summary>
public static class PlainWords
{
    /// <summary>The number of different words that a query may have.</summary>
    public const int MaxWords = 1024;

    /// <summary>The different words of a query, in lower case, in the order of their coming.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FlowKitException">There are more than <see cref="MaxWords"/>.</exception>
    public static IReadOnlyList<string> Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = Split(text).Distinct(StringComparer.Ordinal).ToList();
        return words.Count <= MaxWords
            ? words
            : throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"The text has {words.Count} different words; at most {MaxWords} are searched for. Send those that matter as query.");
    }

    /// <summary>All words of a text, in lower case, one after another.</summary>
    /// <param name="text">The text.</param>
    public static IEnumerable<string> Split(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Runs(text);
    }

    private static IEnumerable<string> Runs(string text)
    {
        var start = -1;
        for (var i = 0; i <= text.Length;)
        {
            var isWord = i < text.Length && IsOfWord(text, i);
            if (isWord)
            {
                start = start < 0 ? i : start;
            }
            else if (start >= 0)
            {
                yield return text[start..i].ToLowerInvariant();
                start = -1;
            }

            i += i < text.Length && char.IsSurrogatePair(text, i) ? 2 : 1;
        }
    }

    private static bool IsOfWord(string text, int at) => CharUnicodeInfo.GetUnicodeCategory(text, at) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber
            or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber or UnicodeCategory.NonSpacingMark
            or UnicodeCategory.PrivateUse => true,
        _ => false,
    };
}
