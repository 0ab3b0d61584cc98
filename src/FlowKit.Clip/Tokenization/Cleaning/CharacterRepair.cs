using System.Buffers;
using System.Text;

namespace FlowKit.Clip.Tokenization.Cleaning;

/// <summary>
/// Mends single characters, as ftfy 6.3.1 does after encodings: control characters of Latin-1, ligatures, widths, curly quotes, line
/// breaks, lone surrogates, the escapes of terminals, and control characters, in this order.
/// </summary>
internal static class CharacterRepair
{
    private const char Escape = '\u001B', Replacement = '\uFFFD';
    private const char FirstWide = '\uFF01', LastWide = '\uFF5E', FirstNarrow = '\uFF5F';

    // From FirstNarrow on: brackets, katakana, hangul, signs. What is itself here has no other width.
    private const string Narrow =
        "\u2985\u2986\u3002\u300C\u300D\u3001\u30FB\u30F2\u30A1\u30A3\u30A5\u30A7\u30A9\u30E3\u30E5\u30E7\u30C3"
        + "\u30FC\u30A2\u30A4\u30A6\u30A8\u30AA\u30AB\u30AD\u30AF\u30B1\u30B3\u30B5\u30B7\u30B9\u30BB\u30BD\u30BF\u30C1"
        + "\u30C4\u30C6\u30C8\u30CA\u30CB\u30CC\u30CD\u30CE\u30CF\u30D2\u30D5\u30D8\u30DB\u30DE\u30DF\u30E0\u30E1\u30E2"
        + "\u30E4\u30E6\u30E8\u30E9\u30EA\u30EB\u30EC\u30ED\u30EF\u30F3\u3099\u309A"
        + "\u1160\u1100\u1101\u11AA\u1102\u11AC\u11AD\u1103\u1104\u1105\u11B0\u11B1\u11B2\u11B3\u11B4\u11B5\u111A"
        + "\u1106\u1107\u1108\u1121\u1109\u110A\u110B\u110C\u110D\u110E\u110F\u1110\u1111\u1112\uFFBF\uFFC0\uFFC1"
        + "\u1161\u1162\u1163\u1164\u1165\u1166\uFFC8\uFFC9\u1167\u1168\u1169\u116A\u116B\u116C\uFFD0\uFFD1"
        + "\u116D\u116E\u116F\u1170\u1171\u1172\uFFD8\uFFD9\u1173\u1174\u1175\uFFDD\uFFDE\uFFDF"
        + "\u00A2\u00A3\u00AC\uFFE3\u00A6\u00A5\u20A9\uFFE7\u2502\u2190\u2191\u2192\u2193\u25A0\u25CB";

    private static readonly (char From, string To)[] Ligatures =
    [
        ('\u0132', "IJ"), ('\u0133', "ij"), ('\u0149', "\u02BCn"), ('\u01F1', "DZ"), ('\u01F2', "Dz"), ('\u01F3', "dz"),
        ('\u01C4', "D\u017D"), ('\u01C5', "D\u017E"), ('\u01C6', "d\u017E"), ('\u01C7', "LJ"), ('\u01C8', "Lj"), ('\u01C9', "lj"),
        ('\u01CA', "NJ"), ('\u01CB', "Nj"), ('\u01CC', "nj"), ('\uFB00', "ff"), ('\uFB01', "fi"), ('\uFB02', "fl"), ('\uFB03', "ffi"),
        ('\uFB04', "ffl"), ('\uFB05', "\u017Ft"), ('\uFB06', "st"),
    ];

    private static readonly Dictionary<char, string> Replacements = AllReplacements();
    private static readonly SearchValues<char> Replaced = SearchValues.Create([.. Replacements.Keys]);
    private static readonly SearchValues<char> Dropped =
        CharacterSet.Of("\0-\u0008\u000B\u000E-\u001F\u007F\u206A-\u206F\uFEFF\uFFF9-\uFFFC");

    /// <summary>The mended text.</summary>
    internal static string Of(string text)
    {
        text = text.AsSpan().ContainsAny(Replaced) || HasLoneSurrogate(text) ? Replace(text) : text;
        text = text.Contains(Escape, StringComparison.Ordinal) ? WithoutTerminalEscapes(text) : text;
        return text.AsSpan().ContainsAny(Dropped) ? string.Concat(text.Where(static unit => !Dropped.Contains(unit))) : text;
    }

    /// <summary>The text with the characters of Windows-1252 where it has the control characters of Latin-1.</summary>
    internal static string WithoutLatinControls(string text) =>
        text.AsSpan().ContainsAnyInRange('\u0080', '\u009F')
            ? string.Create(text.Length, text, static (result, from) =>
            {
                for (var i = 0; i < from.Length; i++)
                {
                    result[i] = OfWindows(from[i]);
                }
            })
            : text;

    /// <summary>The character of Windows-1252 in the place of a control character of Latin-1; any other character is itself.</summary>
    internal static char OfWindows(char unit) =>
        unit is >= '\u0080' and <= '\u009F' ? SingleByteEncoding.Windows1252.Upper[unit - 0x80] : unit;

    private static Dictionary<char, string> AllReplacements()
    {
        var ligatures = Ligatures.ToDictionary(static pair => pair.From, static pair => pair.To);
        var all = CharacterSet.Expand("\r\u0080-\u009F\u02BC\u2018-\u201F\u2028\u2029\u3000\uFF01-\uFFEE") + string.Concat(ligatures.Keys);
        return all
            .Select(unit => (unit, To: string.Concat(ligatures.GetValueOrDefault(unit, OfWindows(unit).ToString()).Select(OfOneWidth))))
            .Where(static pair => pair.To != pair.unit.ToString())
            .Append(('\uFFE3', " \u0304"))
            .ToDictionary(static pair => pair.Item1, static pair => pair.Item2);
    }

    private static char OfOneWidth(char unit) => unit switch
    {
        >= FirstWide and <= LastWide => Straight((char)(unit - FirstWide + '!')),
        >= FirstNarrow when unit - FirstNarrow < Narrow.Length => Narrow[unit - FirstNarrow],
        '\u3000' => ' ',
        _ => Straight(unit),
    };

    private static char Straight(char unit) => unit switch
    {
        '\u02BC' or (>= '\u2018' and <= '\u201B') => '\'',
        >= '\u201C' and <= '\u201F' => '"',
        '\r' or '\u2028' or '\u2029' => '\n',
        _ => unit,
    };

    private static bool HasLoneSurrogate(string text)
    {
        for (var i = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < text.Length; i++)
        {
            if (IsPair(text, i))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsPair(string text, int at) => at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]);

    private static string Replace(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var unit = text[i];
            if (IsPair(text, i))
            {
                result.Append(text, i++, 2);
            }
            else if (Replacements.TryGetValue(unit, out var to))
            {
                // A line feed follows it anyway.
                result.Append(unit == '\r' && i + 1 < text.Length && text[i + 1] == '\n' ? "" : to);
            }
            else
            {
                result.Append(char.IsSurrogate(unit) ? Replacement : unit);
            }
        }

        return result.ToString();
    }

    private static string WithoutTerminalEscapes(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            var length = text[i] == Escape ? EscapeLength(text.AsSpan(i)) : 0;
            if (length == 0)
            {
                result.Append(text[i]);
            }

            i += Math.Max(1, length);
        }

        return result.ToString();
    }

    // ESC [, numbers separated by semicolons in any digits, a letter.
    private static int EscapeLength(ReadOnlySpan<char> text)
    {
        if (text.Length < 3 || text[1] != '[')
        {
            return 0;
        }

        var at = 2;
        while (Rune.DecodeFromUtf16(text[at..], out var rune, out var length) == OperationStatus.Done
            && (rune.Value == ';' || Rune.IsDigit(rune)))
        {
            at += length;
        }

        return at < text.Length && char.IsAsciiLetter(text[at]) ? at + 1 : 0;
    }
}
