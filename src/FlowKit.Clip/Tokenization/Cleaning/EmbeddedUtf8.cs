using System.Text;

namespace FlowKit.Clip.Tokenization.Cleaning;

/// <summary>Mends stretches of a text that look like UTF-8 read in another encoding, where the text as a whole is not of one.</summary>
internal static class EmbeddedUtf8
{
    // These end words or stand alone as often as they are a byte.
    private const string AlsoPunctuation = "–—―‘’‚“”„•…";

    private static readonly Dictionary<char, Places> Known = Index();

    [Flags]
    private enum Places
    {
        None = 0,
        FirstOfTwo = 1,
        FirstOfThree = 2,
        FirstOfFour = 4,
        Tail = 8,
        CertainTail = 16,
    }

    /// <summary>The text with every such stretch mended; stretches that look like good text are left.</summary>
    /// <param name="text">The text.</param>
    /// <param name="repair">Mends a stretch that is shorter than the text.</param>
    internal static string Repair(string text, Func<string, string> repair)
    {
        StringBuilder? result = null;
        var done = 0;
        for (var i = 0; i < text.Length;)
        {
            var length = i > 0 && PlacesOf(text[i - 1]).HasFlag(Places.CertainTail) ? 0 : StretchLength(text.AsSpan(i));
            if (length > 0 && length < text.Length && Mojibake.IsLikely(text.AsSpan(i, length)))
            {
                result = (result ?? new StringBuilder(text.Length)).Append(text, done, i - done).Append(repair(text.Substring(i, length)));
                done = i + length;
            }

            i += Math.Max(1, length);
        }

        return result is null ? text : result.Append(text, done, text.Length - done).ToString();
    }

    private static int StretchLength(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (SequenceLength(text[length..]) is > 0 and var sequence)
        {
            length += sequence;
        }

        return length;
    }

    private static int SequenceLength(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] < 0x80)
        {
            return 0;
        }

        var length = (PlacesOf(text[0]) & (Places.FirstOfTwo | Places.FirstOfThree | Places.FirstOfFour)) switch
        {
            Places.FirstOfTwo => 2,
            Places.FirstOfThree => 3,
            Places.FirstOfFour => 4,
            _ => 0,
        };
        if (length == 0 || text.Length < length)
        {
            return 0;
        }

        foreach (var unit in text[1..length])
        {
            if (!PlacesOf(unit).HasFlag(Places.Tail))
            {
                return 0;
            }
        }

        return length;
    }

    private static Places PlacesOf(char unit) => Known.GetValueOrDefault(unit);

    private static Dictionary<char, Places> Index()
    {
        var places = new Dictionary<char, Places> { [' '] = Places.Tail };
        foreach (var encoding in SingleByteEncoding.Common)
        {
            for (var value = 0x80; value <= 0xF3; value++)
            {
                var unit = encoding.Upper[value - 0x80];
                places[unit] = places.GetValueOrDefault(unit) | PlacesOf(value, unit);
            }
        }

        return places;
    }

    private static Places PlacesOf(int value, char unit) => value switch
    {
        <= 0xBF => AlsoPunctuation.Contains(unit, StringComparison.Ordinal) ? Places.Tail : Places.Tail | Places.CertainTail,
        >= 0xC2 and <= 0xDF => Places.FirstOfTwo,
        >= 0xE0 and <= 0xEF => Places.FirstOfThree,
        0xF0 or 0xF3 => Places.FirstOfFour,
        _ => Places.None,
    };
}
