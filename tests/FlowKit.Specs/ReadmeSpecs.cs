using System.Text.RegularExpressions;
using FlowKit.Specs.Running;

namespace FlowKit.Specs;

/// <summary>What only the README has: the drawing of the program, and the first executor.</summary>
public sealed partial class ReadmeSpecs
{
    private static readonly MarkdownPage s_readme = MarkdownPage.Read("README.md");

    private static readonly HashSet<string> s_sources = new[] { "src", "executors", "flows" }
        .SelectMany(folder => Directory.EnumerateFiles(Repository.At(folder), "*.cs", SearchOption.AllDirectories))
        .Select(path => Path.GetFileNameWithoutExtension(path)).ToHashSet(StringComparer.Ordinal);

    [Fact]
    public void Every_type_it_names_exists()
    {
        var drawing = s_readme.Text[s_readme.Text.IndexOf("## How it is built", StringComparison.Ordinal)..s_readme.Text.IndexOf("## Benchmarks", StringComparison.Ordinal)];
        var named = TypeName().Matches(drawing).Select(match => match.Value).Distinct().ToList();

        Assert.InRange(named.Count, 10, 100);
        Assert.All(named, type => Assert.True(s_sources.Contains(type) || type is "FlowKit", $"README.md names the type {type}, which does not exist."));
    }

    [Fact]
    public void The_executor_it_shows_is_the_one_that_runs() =>
        Assert.Equal(File.ReadAllText(Repository.At("flows", "hello", "Upper.cs")).Trim(), s_readme.Blocks("csharp").Single().Trim());

    [Fact]
    public void It_names_its_places_and_commands()
    {
        Assert.InRange(s_readme.Links().Count(), 5, 50);
        Assert.InRange(s_readme.Blocks("yaml").Count(), 2, 10);
    }

    [GeneratedRegex(@"(?<![\w.])(?:[A-Z][a-z]+){2,}(?!\w)")]
    private static partial Regex TypeName();
}
