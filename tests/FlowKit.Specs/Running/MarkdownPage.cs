using System.Text.RegularExpressions;

namespace FlowKit.Specs.Running;

/// <summary>A page of the documentation, and what it shows.</summary>
internal sealed partial class MarkdownPage
{
    private MarkdownPage(string name) => (Name, Text) = (name, File.ReadAllText(Repository.At(name)));

    /// <summary>README.md and docs/*.md, by their path in the repository.</summary>
    public static IReadOnlyList<string> Names { get; } = ["README.md", .. In("docs")];

    /// <summary>The page of each flow's folder.</summary>
    public static IReadOnlyList<string> Flows { get; } = [.. OfFolders("flows")];

    /// <summary>The page that each package shows.</summary>
    public static IReadOnlyList<string> Packages { get; } = [.. OfFolders("src"), .. In("templates")];

    /// <summary>The well-known pages beside README.md.</summary>
    public static IReadOnlyList<string> WellKnown { get; } = ["CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "THIRD-PARTY-NOTICES.md"];

    public string Name { get; }

    public string Text { get; }

    public static MarkdownPage Read(string name) => new(name);

    /// <summary>What stands between single back-quotes.</summary>
    public IEnumerable<string> Inline() => InlineCode().Matches(Text).Select(match => match.Groups[1].Value);

    /// <summary>Where links lead in the repository, by their full paths.</summary>
    public IEnumerable<string> Links() => Link().Matches(Text).Select(match => match.Groups[1].Value)
        .Where(target => !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith('#'))
        .Select(target => Path.GetFullPath(target.Split('#')[0], Path.GetDirectoryName(Repository.At(Name))!));

    /// <summary>The blocks in a language, in their order.</summary>
    public IEnumerable<string> Blocks(string language) => Block().Matches(Text).Where(match => match.Groups[1].Value == language).Select(match => match.Groups[2].Value);

    private static IEnumerable<string> In(string folder) =>
        Directory.EnumerateFiles(Repository.At(folder), "*.md").Order(StringComparer.Ordinal).Select(path => $"{folder}/{Path.GetFileName(path)}");

    private static IEnumerable<string> OfFolders(string folder) =>
        Directory.EnumerateDirectories(Repository.At(folder)).Order(StringComparer.Ordinal)
            .Select(path => $"{folder}/{Path.GetFileName(path)}/README.md");

    [GeneratedRegex("(?<!`)`([^`\n]+)`(?!`)")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^```(\\w*)\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}
