using System.Buffers;

namespace FlowKit.Clip.Tokenization.Cleaning;

/// <summary>An unlikely sequence of characters: a set for each place.</summary>
internal sealed class MojibakeRule
{
    private readonly SearchValues<char>? _before;
    private readonly SearchValues<char>[] _after;

    private MojibakeRule(string? before, string[] places)
    {
        _before = before is null ? null : CharacterSet.Of(before);
        First = CharacterSet.Expand(places[0]);
        _after = [.. places[1..].Select(CharacterSet.Of)];
        Second = before is null && places.Length == 2 ? CharacterSet.Expand(places[1]) : null;
    }

    /// <summary>The characters that may begin it.</summary>
    internal string First { get; }

    /// <summary>The characters that end it, where it has two places and no condition before them.</summary>
    internal string? Second { get; }

    /// <summary>Makes the rule of neighbours from these sets.</summary>
    internal static MojibakeRule Of(params string[] places) => new(null, places);

    /// <summary>Makes the rule of neighbours from these sets after a character of another one.</summary>
    internal static MojibakeRule After(string before, params string[] places) => new(before, places);

    /// <summary>Indicates whether the sequence stands here; its first place is known to fit.</summary>
    internal bool Matches(ReadOnlySpan<char> text, int at)
    {
        if (at + _after.Length >= text.Length || (_before is not null && (at == 0 || !_before.Contains(text[at - 1]))))
        {
            return false;
        }

        for (var i = 0; i < _after.Length; i++)
        {
            if (!_after[i].Contains(text[at + 1 + i]))
            {
                return false;
            }
        }

        return true;
    }
}
