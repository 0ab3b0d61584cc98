using System.Text;
using System.Text.RegularExpressions;

namespace FlowKit;

/// <summary>A regular expression of a query, which is written as Python writes it.</summary>
internal static class QueryPattern
{
    /// <summary>The longest that one match may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(250);

    /// <summary>Compiles a pattern: without backtracking, in time linear to the text, where it allows that.</summary>
    /// <param name="pattern">As Python's <c>re</c> reads it.</param>
    /// <param name="place">Where in the query it is.</param>
    public static Regex Parse(string pattern, string place)
    {
        var translated = Translate(pattern);
        try
        {
            return new Regex(translated, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, Limit);
        }
        catch (NotSupportedException)
        {
            return new Regex(translated, RegexOptions.CultureInvariant, Limit);
        }
        catch (ArgumentException exception)
        {
            throw QueryError.At(place, $"'{pattern}' is not a regular expression: {exception.Message}");
        }
    }

    /// <summary>The three spellings in which Python differs: <c>(?P&lt;name&gt;…)</c>, <c>(?P=name)</c> and <c>\Z</c>.</summary>
    private static string Translate(string pattern)
    {
        var result = new StringBuilder(pattern.Length);
        for (var i = 0; i < pattern.Length; i++)
        {
            var rest = pattern.AsSpan(i);
            if (rest.StartsWith("(?P<", StringComparison.Ordinal))
            {
                result.Append("(?<");
                i += 3;
            }
            else if (rest.StartsWith("(?P=", StringComparison.Ordinal) && rest.IndexOf(')') is > 0 and var end)
            {
                result.Append("\\k<").Append(rest[4..end]).Append('>');
                i += end;
            }
            else if (rest.Length > 1 && rest[0] == '\\')
            {
                result.Append('\\').Append(rest[1] == 'Z' ? 'z' : rest[1]);
                i++;
            }
            else
            {
                result.Append(rest[0]);
            }
        }

        return result.ToString();
    }
}
