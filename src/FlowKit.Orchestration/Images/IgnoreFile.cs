using System.Text;
using System.Text.RegularExpressions;

namespace FlowKit.Orchestration.Images;

/// <summary>
/// The patterns of a <c>.dockerignore</c>, as the engines read them: from the folder's top, <c>*</c> and <c>?</c> within a name, <c>**</c>
/// over any number of folders, <c>!</c> for what is in after all. The last that fits decides, and one that fits a folder fits all in it.
/// </summary>
internal sealed class IgnoreFile
{
    /// <summary>The names that the engines know, the first that is there is taken.</summary>
    public static readonly IReadOnlyList<string> Names = ["Dockerfile.dockerignore", ".containerignore", ".dockerignore"];

    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    private readonly List<(Regex Pattern, bool IsLeftOut)> _patterns = [];

    private IgnoreFile(string? name) => Name = name;

    /// <summary>The name of the file that was read; <see langword="null"/> when there is none.</summary>
    public string? Name { get; }

    /// <summary>Reads the one of a folder.</summary>
    /// <exception cref="FlowKitException">A line is no pattern.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IgnoreFile Of(string folder)
    {
        var file = new IgnoreFile(Names.FirstOrDefault(name => File.Exists(Path.Combine(folder, name))));
        if (file.Name is not null)
        {
            var path = Path.Combine(folder, file.Name);
            foreach (var (index, line) in File.ReadAllLines(path).Index())
            {
                file.Add(line.Trim(), $"{path}:{index + 1}");
            }
        }

        return file;
    }

    /// <summary>Tells whether a path is left out.</summary>
    /// <param name="path">The path from the folder, with slashes.</param>
    public bool LeavesOut(string path)
    {
        var isLeftOut = false;
        foreach (var pattern in _patterns)
        {
            isLeftOut = pattern.Pattern.IsMatch(path) ? pattern.IsLeftOut : isLeftOut;
        }

        return isLeftOut;
    }

    private void Add(string line, string place)
    {
        if (line.Length == 0 || line[0] == '#')
        {
            return;
        }

        var isLeftOut = line[0] != '!';
        var pattern = Clean(isLeftOut ? line : line[1..].Trim());
        try
        {
            if (pattern.Length > 0)
            {
                _patterns.Add((new Regex(ToRegex(pattern), RegexOptions.CultureInvariant, s_longest), isLeftOut));
            }
        }
        catch (RegexParseException exception)
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"{place}: '{line}' is no pattern; write a range as '[a-z]', or '\\[' for a bracket",
                exception);
        }
    }

    private static string Clean(string pattern)
    {
        var parts = new List<string>();
        foreach (var part in pattern.Split('/').Where(part => part is not ("" or ".")))
        {
            if (part != "..")
            {
                parts.Add(part);
            }
            else if (parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
        }

        return string.Join('/', parts);
    }

    private static string ToRegex(string pattern)
    {
        var regex = new StringBuilder("^");
        for (var at = 0; at < pattern.Length; at++)
        {
            switch (pattern[at])
            {
                case '*' when pattern.AsSpan(at).StartsWith("**/"):
                    regex.Append("(?:.*/)?");
                    at += 2;
                    break;
                case '*' when pattern.AsSpan(at).StartsWith("**"):
                    regex.Append(".*");
                    at++;
                    break;
                case '*':
                    regex.Append("[^/]*");
                    break;
                case '?':
                    regex.Append("[^/]");
                    break;
                case '[' when pattern.IndexOf(']', at + 1) is > 0 and var end:
                    regex.Append('[').Append(pattern[(at + 1)..end].Replace("\\", "\\\\", StringComparison.Ordinal)).Append(']');
                    at = end;
                    break;
                case '\\' when at + 1 < pattern.Length:
                    regex.Append(Regex.Escape(pattern[++at].ToString()));
                    break;
                default:
                    regex.Append(Regex.Escape(pattern[at].ToString()));
                    break;
            }
        }

        return regex.Append("(?:/.*)?$").ToString();
    }
}
