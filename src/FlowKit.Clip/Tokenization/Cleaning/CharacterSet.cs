using System.Buffers;
using System.Text;

namespace FlowKit.Clip.Tokenization.Cleaning;

/// <summary>Reads sets of characters written as in a regular expression's brackets: single ones, and ranges such as <c>a-z</c>.</summary>
internal static class CharacterSet
{
    /// <summary>Every character of the set, ranges written out.</summary>
    internal static string Expand(string set)
    {
        var result = new StringBuilder();
        for (var i = 0; i < set.Length; i++)
        {
            if (i + 2 < set.Length && set[i + 1] == '-')
            {
                for (int unit = set[i]; unit <= set[i + 2]; unit++)
                {
                    result.Append((char)unit);
                }

                i += 2;
            }
            else
            {
                result.Append(set[i]);
            }
        }

        return result.ToString();
    }

    /// <summary>The set, for searching.</summary>
    internal static SearchValues<char> Of(string set) => SearchValues.Create(Expand(set));
}
