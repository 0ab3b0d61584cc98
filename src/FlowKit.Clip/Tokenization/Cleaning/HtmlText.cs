using System.Globalization;
using System.Text;

namespace FlowKit.Clip.Tokenization.Cleaning;

/// <summary>Replaces HTML's character references, as a browser does and as ftfy does.</summary>
internal static class HtmlText
{
    private const int LastPoint = 0x10FFFF;
    private const int MaxExactNameLength = 24;

    /// <summary>
    /// HTML5's own rules: the longest known name counts, some names need no semicolon, numbers without a character are dropped.
    /// </summary>
    internal static string Unescape(string text) => Replace(text, ReadLongest);

    /// <summary>
    /// ftfy 6.3.1's rules: a reference is ended by a semicolon and known as a whole, or a name in capitals that means a capital letter.
    /// </summary>
    internal static string UnescapeExact(string text) => Replace(text, ReadExact);

    private static string Replace(string text, Reading read)
    {
        StringBuilder? result = null;
        var done = 0;
        for (var at = text.IndexOf('&', StringComparison.Ordinal); at >= 0; at = text.IndexOf('&', at))
        {
            if (read(text.AsSpan(at + 1), out var length) is { } characters)
            {
                result = (result ?? new StringBuilder(text.Length)).Append(text, done, at - done).Append(characters);
                at += length + 1;
                done = at;
            }
            else
            {
                at++;
            }
        }

        return result is null ? text : result.Append(text, done, text.Length - done).ToString();
    }

    private static string? ReadLongest(ReadOnlySpan<char> rest, out int length)
    {
        if (rest.StartsWith('#'))
        {
            return ReadNumber(rest, out length);
        }

        length = NameLength(rest, HtmlEntities.MaxNameLength);
        if (length < rest.Length && rest[length] == ';' && HtmlEntities.Ended(rest[..length]) is { } ended)
        {
            length++;
            return ended;
        }

        for (; length > 1; length--)
        {
            if (HtmlEntities.Open(rest[..length]) is { } open)
            {
                return open;
            }
        }

        return null;
    }

    private static string? ReadExact(ReadOnlySpan<char> rest, out int length)
    {
        var start = rest.StartsWith('#') ? 1 : 0;
        var end = start + NameLength(rest[start..], MaxExactNameLength);
        length = end + 1;
        if (end == start || end >= rest.Length || rest[end] != ';')
        {
            return null;
        }

        if (start == 0)
        {
            return HtmlEntities.Ended(rest[..end]) ?? HtmlEntities.InCapitals(rest[..end]);
        }

        // A semicolon that a number stands for is left too: ftfy cannot tell it from one that was not read.
        var characters = ReadNumber(rest, out var read);
        return read == length && characters != ";" ? characters : null;
    }

    private static int NameLength(ReadOnlySpan<char> rest, int longest)
    {
        var length = 0;
        while (length < longest && length < rest.Length && char.IsAsciiLetterOrDigit(rest[length]))
        {
            length++;
        }

        return length;
    }

    private static string? ReadNumber(ReadOnlySpan<char> rest, out int length)
    {
        var isHex = rest.Length > 1 && rest[1] is 'x' or 'X';
        var start = isHex ? 2 : 1;
        var point = 0;
        for (length = start; length < rest.Length && IsDigit(rest[length], isHex); length++)
        {
            var digit = int.Parse(rest.Slice(length, 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            point = Math.Min(LastPoint + 1, (point * (isHex ? 16 : 10)) + digit);
        }

        if (length == start)
        {
            return null;
        }

        length += length < rest.Length && rest[length] == ';' ? 1 : 0;
        return CharactersOf(point);
    }

    private static bool IsDigit(char unit, bool isHex) => isHex ? char.IsAsciiHexDigit(unit) : char.IsAsciiDigit(unit);

    private static string CharactersOf(int point) => point switch
    {
        0 or (>= 0xD800 and <= 0xDFFF) or > LastPoint => "\uFFFD",
        >= 0x80 and <= 0x9F => CharacterRepair.OfWindows((char)point).ToString(),
        (>= 0x1 and <= 0x8) or 0xB or (>= 0xE and <= 0x1F) or 0x7F or (>= 0xFDD0 and <= 0xFDEF) => "",
        _ => (point & 0xFFFE) == 0xFFFE ? "" : char.ConvertFromUtf32(point),
    };

    private delegate string? Reading(ReadOnlySpan<char> rest, out int length);
}
