using System.Globalization;
using System.Text;

namespace FlowKit.Clip.Tokenization;

/// <summary>Unicode's NFC and NFD from a table of our own: .NET's <c>Normalize</c> does nothing where globalization is invariant.</summary>
internal sealed class CanonicalComposition
{
    private const int HangulFirst = 0xAC00, HangulLead = 0x1100, HangulVowel = 0x1161, HangulTail = 0x11A7;
    private const int Leads = 19, Vowels = 21, Tails = 28;

    private static readonly Lazy<CanonicalComposition> Table = new(static () => new CanonicalComposition());

    private readonly Dictionary<int, int[]> _parts = [];
    private readonly Dictionary<(int, int), int> _composed = [];
    private readonly Dictionary<int, int> _classes = [];

    private CanonicalComposition()
    {
        using var reader = new StreamReader(typeof(CanonicalComposition).Assembly.GetManifestResourceStream("canonical.txt")!);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            if (line.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
            {
                ReadParts(line, equals);
            }
            else
            {
                ReadClass(line.Split('-', ':'));
            }
        }
    }

    /// <summary>The text with composed characters.</summary>
    internal static string Of(string text)
    {
        // Nothing below the combining marks takes part in composition on its own.
        return text.AsSpan().IndexOfAnyExceptInRange('\0', '\u02FF') < 0 ? text : Table.Value.Compose(text);
    }

    /// <summary>The text with decomposed characters: NFD.</summary>
    internal static string Decomposed(string text) =>
        System.Text.Ascii.IsValid(text) ? text : Table.Value.Decompose(text);

    private string Decompose(string text)
    {
        var points = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            Decompose(rune.Value, points);
        }

        Reorder(points);
        var result = new StringBuilder(points.Count);
        foreach (var point in points)
        {
            result.Append(new Rune(point));
        }

        return result.ToString();
    }

    private string Compose(string text)
    {
        var points = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            Decompose(rune.Value, points);
        }

        Reorder(points);
        return Join(points);
    }

    private void Decompose(int point, List<int> into)
    {
        if (point - HangulFirst is >= 0 and < Leads * Vowels * Tails and var syllable)
        {
            into.Add(HangulLead + (syllable / (Vowels * Tails)));
            into.Add(HangulVowel + (syllable / Tails % Vowels));
            if (syllable % Tails > 0)
            {
                into.Add(HangulTail + (syllable % Tails));
            }
        }
        else if (_parts.TryGetValue(point, out var parts))
        {
            foreach (var part in parts)
            {
                Decompose(part, into);
            }
        }
        else
        {
            into.Add(point);
        }
    }

    private void Reorder(List<int> points)
    {
        for (var start = 0; start < points.Count; start++)
        {
            if (Class(points[start]) == 0)
            {
                continue;
            }

            var end = start;
            while (end < points.Count && Class(points[end]) != 0)
            {
                end++;
            }

            // OrderBy is stable, which the standard asks for.
            var sorted = points.Skip(start).Take(end - start).OrderBy(Class).ToArray();
            for (var i = 0; i < sorted.Length; i++)
            {
                points[start + i] = sorted[i];
            }

            start = end;
        }
    }

    private string Join(List<int> points)
    {
        var result = new List<int>(points.Count);
        var starter = -1;
        var lastClass = 0;
        foreach (var point in points)
        {
            var ownClass = Class(point);
            var adjacent = starter == result.Count - 1;
            if (starter >= 0 && (adjacent || (lastClass < ownClass && ownClass != 0)) && Pair(result[starter], point) is { } composed)
            {
                result[starter] = composed;
                continue;
            }

            if (ownClass == 0)
            {
                starter = result.Count;
            }

            lastClass = ownClass;
            result.Add(point);
        }

        var builder = new StringBuilder(result.Count);
        foreach (var point in result)
        {
            builder.Append(new Rune(point).ToString());
        }

        return builder.ToString();
    }

    private int? Pair(int first, int second)
    {
        if (first - HangulLead is >= 0 and < Leads and var lead && second - HangulVowel is >= 0 and < Vowels and var vowel)
        {
            return HangulFirst + (((lead * Vowels) + vowel) * Tails);
        }

        var isSyllable = first - HangulFirst is >= 0 and < Leads * Vowels * Tails and var syllable && syllable % Tails == 0;
        if (isSyllable && second - HangulTail is > 0 and < Tails and var tail)
        {
            return first + tail;
        }

        return _composed.TryGetValue((first, second), out var composed) ? composed : null;
    }

    private int Class(int point) => _classes.GetValueOrDefault(point);

    private void ReadParts(string line, int equals)
    {
        var start = line[0] == '!' ? 1 : 0;
        var point = Hex(line[start..equals]);
        var parts = line[(equals + 1)..].Split(' ').Select(Hex).ToArray();
        _parts[point] = parts;
        if (start == 0)
        {
            _composed[(parts[0], parts[1])] = point;
        }
    }

    private void ReadClass(string[] fields)
    {
        for (var point = Hex(fields[0]); point <= Hex(fields[1]); point++)
        {
            _classes[point] = int.Parse(fields[2], CultureInfo.InvariantCulture);
        }
    }

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
