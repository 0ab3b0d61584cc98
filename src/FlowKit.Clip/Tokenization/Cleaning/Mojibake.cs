using System.Buffers;
using System.Text;
using static FlowKit.Clip.Tokenization.Cleaning.MojibakeSigns;

namespace FlowKit.Clip.Tokenization.Cleaning;

/// <summary>Tells text that was read in the wrong encoding by sequences that hardly any language has: ftfy 6.3.1's rules.</summary>
internal static class Mojibake
{
    private const string Marks = Box + Currency + Numeric;
    private const string Accented = LowerAccented + UpperAccented;
    private const string Quotes = Opening + Closing;
    private const string Unlikely = Controls + Bad + Quotes + Currency + "°";
    private const string ArabicTail = Common + Currency + Bad + Numeric + Opening + "ŸŠ®°µ»";

    private static readonly Dictionary<char, Follow> Rules = Index(All());
    private static readonly SearchValues<char> AccentedLetters = CharacterSet.Of(Accented);
    private static readonly SearchValues<char> AnyQuotes = CharacterSet.Of(Quotes);

    /// <summary>Indicates whether anything in the text looks as if it had been read in the wrong encoding.</summary>
    internal static bool IsLikely(ReadOnlySpan<char> text)
    {
        // Every rule has a place that is not ASCII, and is looked up by it.
        var at = 0;
        while (text[at..].IndexOfAnyExceptInRange('\0', '\u007F') is >= 0 and var next)
        {
            at += next;
            if (text[at] is >= '\u0080' and <= '\u009F'
                || (Rules.TryGetValue(text[at], out var follow) && follow.Matches(text, at))
                || IsOddHere(text, at))
            {
                return true;
            }

            at++;
        }

        return false;
    }

    private static MojibakeRule[] All() =>
    [
        MojibakeRule.Of(Bad + Accented + Marks + Quotes + Law, Bad),
        MojibakeRule.Of(Bad, Accented + Marks + Quotes + Law),
        MojibakeRule.After("a-zA-Z", LowerCommon + UpperCommon, Bad),
        MojibakeRule.Of(LowerAccented + LowerCommon + Closing + Marks, UpperAccented),
        MojibakeRule.Of(Closing + Marks, LowerAccented),
        MojibakeRule.Of(LowerAccented + Box + Closing, Currency),
        MojibakeRule.After(Space, UpperAccented, Currency),
        MojibakeRule.Of(UpperAccented + Box, Numeric + Law),
        MojibakeRule.Of(Accented + Box + Currency + Closing, Opening, Numeric),
        MojibakeRule.Of(Accented + Marks + Law, Closing, Opening),
        MojibakeRule.Of(Marks, Opening),
        MojibakeRule.After("a-z", UpperAccented, Opening + Currency),
        MojibakeRule.Of(Box, Faces),
        MojibakeRule.Of(Accented + Currency + Numeric + Quotes + Law, Box),
        MojibakeRule.Of(Box, Closing),
        MojibakeRule.Of(UpperAccented, "°"),
        MojibakeRule.Of("ÂÃÎÐ", "€œŠš¢£Ÿž\u00A0\u00AD®©°·»–—´" + Quotes),
        MojibakeRule.Of("×", "²³"),
        MojibakeRule.Of("ØÙ", ArabicTail, "ØÙ", ArabicTail),
        MojibakeRule.Of("à", "²µ¹¼½¾"),
        MojibakeRule.Of("√", "±∂†≠®™´≤≥¥µø"),
        MojibakeRule.Of("≈", "°¢"),
        MojibakeRule.Of("‚", "Ä", "ìîïòôúùû†°¢π"),
        MojibakeRule.Of("‚", "âó", "àä°ê"),
        MojibakeRule.Of("в", "Ђ"),
        MojibakeRule.Of("ВГРС", Unlikely + "µ", "ВГРС"),
        MojibakeRule.Of("Ã", "\u00A0¡"),
        MojibakeRule.After("a-z.,?!" + Closing, "Â", " " + Quotes),
        MojibakeRule.Of("β", "€", "™\u00A0Ά\u00AD®°"),
        MojibakeRule.Of("ΒΓΞΟ", Unlikely, "ΒΓΞΟ"),
        MojibakeRule.Of("ā", "€"),
    ];

    // Hundreds of characters share some dozens of sets of rules, which are worth making once.
    private static Dictionary<char, Follow> Index(MojibakeRule[] rules)
    {
        var known = new Dictionary<long, Follow>();
        return rules
            .SelectMany(static (rule, number) => rule.First.Distinct().Select(unit => (unit, number)))
            .GroupBy(static pair => pair.unit, static pair => pair.number)
            .ToDictionary(static group => group.Key, group =>
            {
                var set = group.Aggregate(0L, static (bits, number) => bits | (1L << number));
                if (!known.TryGetValue(set, out var follow))
                {
                    follow = known[set] = new Follow([.. group.Select(number => rules[number])]);
                }

                return follow;
            });
    }

    // What depends on more than sets: the beginning of the text, letters of all scripts, whatever character there is.
    private static bool IsOddHere(ReadOnlySpan<char> text, int at)
    {
        var rest = text[(at + 1)..];
        if (rest.IsEmpty)
        {
            return false;
        }

        var isOdd = text[at] switch
        {
            'Œ' or 'œ' => !char.IsAsciiLetter(rest[0]),
            'Ã' or 'Â' => rest[0] == ' ' && EndsWord(text[..at]),
            'Г' => IsTwiceCyrillic(rest),
            _ => false,
        };
        return isOdd || (AccentedLetters.Contains(text[at]) && AnyQuotes.Contains(rest[0]) && IsWordCharacter(rest[1..]));
    }

    private static bool EndsWord(ReadOnlySpan<char> before)
    {
        if (!before.IsEmpty && TextCleaner.IsSpace(new Rune(char.IsSurrogate(before[^1]) ? '?' : before[^1])))
        {
            before = before[..^1];
            return !before.IsEmpty && char.IsAsciiLetterLower(before[^1]);
        }

        return before.IsEmpty || char.IsAsciiLetterLower(before[^1]);
    }

    private static bool IsTwiceCyrillic(ReadOnlySpan<char> rest)
    {
        if (!rest.StartsWith("ўВЂВ") || rest.Length < 6 || rest[4] == '\n')
        {
            return false;
        }

        Rune.DecodeFromUtf16(rest[4..], out _, out var length);
        return rest.Length > 4 + length && (char.IsAsciiLetter(rest[4 + length]) || rest[4 + length] == ' ');
    }

    private static bool IsWordCharacter(ReadOnlySpan<char> rest)
    {
        return Rune.DecodeFromUtf16(rest, out var rune, out _) == OperationStatus.Done
            && (rune.Value == '_' || Rune.IsLetter(rune) || Rune.IsNumber(rune));
    }

    /// <summary>The unlikely sequences that begin with one character.</summary>
    private sealed class Follow(MojibakeRule[] rules)
    {
        private readonly SearchValues<char> _neighbours = SearchValues.Create(string.Concat(rules.Select(static rule => rule.Second)));
        private readonly MojibakeRule[] _longer = [.. rules.Where(static rule => rule.Second is null)];

        internal bool Matches(ReadOnlySpan<char> text, int at)
        {
            if (at + 1 == text.Length)
            {
                return false;
            }

            if (_neighbours.Contains(text[at + 1]))
            {
                return true;
            }

            foreach (var rule in _longer)
            {
                if (rule.Matches(text, at))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
