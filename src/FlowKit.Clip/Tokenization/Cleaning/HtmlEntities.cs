using System.Globalization;

namespace FlowKit.Clip.Tokenization.Cleaning;

/// <summary>HTML5's named characters.</summary>
internal static class HtmlEntities
{
    /// <summary>The length of the longest name, without its semicolon.</summary>
    internal const int MaxNameLength = 32;

    private static readonly Lazy<Tables> Read = new(ReadTables);

    /// <summary>The characters of a name that a semicolon ends.</summary>
    internal static string? Ended(ReadOnlySpan<char> name) => Find(Read.Value.Ended, name);

    /// <summary>The characters of a name that needs no semicolon.</summary>
    internal static string? Open(ReadOnlySpan<char> name) => Find(Read.Value.Open, name);

    /// <summary>The characters of a name in capitals that HTML does not know, but ftfy does, such as <c>EACUTE</c>.</summary>
    internal static string? InCapitals(ReadOnlySpan<char> name) => Find(Read.Value.InCapitals, name);

    private static string? Find(Dictionary<string, string> table, ReadOnlySpan<char> name) =>
        table.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var characters) ? characters : null;

    private static Tables ReadTables()
    {
        var ended = new Dictionary<string, string>();
        var open = new Dictionary<string, string>();
        var inCapitals = new Dictionary<string, string>();
        using var reader = new StreamReader(typeof(HtmlEntities).Assembly.GetManifestResourceStream("entities.txt")!);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            var equals = line.IndexOf('=', StringComparison.Ordinal);
            var name = line[..equals].TrimStart('!', '^');
            var characters = string.Concat(line[(equals + 1)..].Split(' ').Select(static digits => char.ConvertFromUtf32(Hex(digits))));
            (line[0] == '^' ? inCapitals : ended)[name] = characters;
            if (line[0] == '!')
            {
                open[name] = characters;
            }
        }

        return new Tables(ended, open, inCapitals);
    }

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private sealed record Tables(
        Dictionary<string, string> Ended,
        Dictionary<string, string> Open,
        Dictionary<string, string> InCapitals);
}
