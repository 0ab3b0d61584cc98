using System.Text.RegularExpressions;

namespace FlowKit.Hosting.Inputs;

/// <summary>
/// A path or glob of <c>inputs</c>: <c>/</c> or <c>\</c> between folders, <c>~</c> for the home folder, <c>*</c> and <c>?</c> within
/// a name, <c>**</c> over folders, <c>{a,b}</c> for one of several. A glob passes hidden files by, as a shell does.
/// </summary>
internal sealed partial class InputPattern
{
    private readonly string _text;
    private readonly string _root;
    private readonly Regex? _glob;
    private readonly bool _deep;

    public InputPattern(string text, string baseDirectory)
    {
        _text = text;
        var pattern = Expand(text.Replace('\\', '/'));
        var wildcard = pattern.AsSpan().IndexOfAny('*', '?');
        if (wildcard < 0)
        {
            _root = Path.GetFullPath(pattern, baseDirectory);
            return;
        }

        var slash = pattern.LastIndexOf('/', wildcard);
        _root = Path.GetFullPath(slash >= 0 ? pattern[..(slash + 1)] : ".", baseDirectory);
        var glob = pattern[(slash + 1)..];
        _deep = glob.Contains("**", StringComparison.Ordinal) || glob.Contains('/', StringComparison.Ordinal);
        _glob = new Regex(
            $@"\A{Wildcard().Replace(glob, Translate)}\z",
            RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking);
    }

    /// <summary>The full paths of the files it names; of a glob perhaps none.</summary>
    /// <exception cref="FlowKitException">A path without wildcard is not a file.</exception>
    public IEnumerable<string> Find()
    {
        if (_glob is not null)
        {
            var options = new EnumerationOptions { RecurseSubdirectories = _deep };
            return Directory.Exists(_root) ? Directory.EnumerateFiles(_root, "*", options).Where(Covers) : [];
        }

        if (File.Exists(_root))
        {
            return [_root];
        }

        if (Directory.Exists(_root))
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"inputs: '{_text}' is a folder; to take the files in it write '{_text.TrimEnd('/', '\\')}/**/*'.");
        }

        throw new FlowKitException(FlowErrorCode.NotFound, $"inputs: the file '{_root}' does not exist.");
    }

    /// <summary>Tells whether it names a file, or a folder above it.</summary>
    /// <param name="file">A full path.</param>
    public bool Covers(string file)
    {
        var below = Path.TrimEndingDirectorySeparator(_root) + (_root == Path.GetPathRoot(_root) ? "" : Path.DirectorySeparatorChar);
        return file.StartsWith(below, StringComparison.Ordinal)
            ? _glob is null || _glob.IsMatch(file[below.Length..].Replace('\\', '/'))
            : _glob is null && string.Equals(file, _root, StringComparison.Ordinal);
    }

    /// <summary>Says what it was looked for.</summary>
    public override string ToString() => $"'{_text}' matches no file under '{_root}'";

    private static string Translate(Match part) => part.Value switch
    {
        "**/" => "(?:.*/)?",
        "**" => ".*",
        "*" => "[^/]*",
        "?" => "[^/]",
        var literal => Regex.Escape(literal),
    };

    /// <summary>
    /// Writes out what stands in braces, as a shell does: <c>a.{jpg,png}</c> is <c>a.jpg</c> and <c>a.png</c>. Braces without a comma are
    /// part of a name.
    /// </summary>
    public static IEnumerable<string> Alternatives(string pattern)
    {
        var match = Braces().Match(pattern);
        return match.Success
            ? match.Groups["inside"].Value.Split(',').SelectMany(
                part => Alternatives($"{pattern[..match.Index]}{part}{pattern[(match.Index + match.Length)..]}"))
            : [pattern];
    }

    [GeneratedRegex(@"\{(?<inside>[^{}]*,[^{}]*)\}")]
    private static partial Regex Braces();

    [GeneratedRegex(@"\*\*/|\*\*|\*|\?|[^*?]+")]
    private static partial Regex Wildcard();

    private static string Expand(string pattern) =>
        pattern == "~" || pattern.StartsWith("~/", StringComparison.Ordinal)
            ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + pattern[1..]
            : pattern;
}
