using System.Text.RegularExpressions;
using FlowKit.Specs.Running;

namespace FlowKit.Specs;

/// <summary>Prose about names rots: what the README names must exist, and what it shows must work.</summary>
public sealed partial class ReadmeSpecs
{
    private static readonly string s_readme = File.ReadAllText(Repository.At("README.md"));

    private static readonly HashSet<string> s_sources = new[] { "src", "executors", "flows" }
        .SelectMany(folder => Directory.EnumerateFiles(Repository.At(folder), "*.cs", SearchOption.AllDirectories))
        .Select(path => Path.GetFileNameWithoutExtension(path)).ToHashSet(StringComparer.Ordinal);

    [Fact]
    public void Every_file_it_names_exists()
    {
        var named = Inline().Where(code => RepositoryPath().IsMatch(code)).Concat(Links()).Distinct().ToList();

        Assert.InRange(named.Count, 10, 100);
        Assert.All(named, path => Assert.True(Path.Exists(Repository.At(path)), $"README.md names {path}, which does not exist."));
    }

    [Fact]
    public void Every_type_it_names_exists()
    {
        var drawing = s_readme[s_readme.IndexOf("## How it is built", StringComparison.Ordinal)..s_readme.IndexOf("## Benchmarks", StringComparison.Ordinal)];
        var named = TypeName().Matches(drawing).Select(match => match.Value).Distinct().ToList();

        Assert.InRange(named.Count, 10, 100);
        Assert.All(named, type => Assert.True(s_sources.Contains(type) || type is "FlowKit", $"README.md names the type {type}, which does not exist."));
    }

    [Fact]
    public async Task Every_command_it_shows_exists()
    {
        var commands = ShownCommand().Matches(s_readme).Select(match => match.Groups[1].Value).Distinct().ToList();

        Assert.InRange(commands.Count, 6, 50);
        foreach (var command in commands)
        {
            var result = await FlowKitCommand.RunAsync([.. command.Split(' '), "--help"]);
            Assert.True(result.ExitCode == 0, $"flowkit {command}: {result.Errors}");
        }
    }

    [Fact]
    public async Task Every_flow_and_executor_it_shows_passes_the_check()
    {
        using var folder = new TemporaryFolder();
        folder.File("Upper.cs", Block("csharp").Single());
        var flows = Block("yaml").ToList();
        Assert.NotEmpty(flows);
        foreach (var flow in flows)
        {
            var result = await FlowKitCommand.RunAsync("check", folder.File("flow.yml", flow), "--context", "model=tiny-clip");
            Assert.True(result.ExitCode == 0, result.Errors);
        }
    }

    [Fact]
    public void The_executor_it_shows_is_the_one_that_runs() =>
        Assert.Equal(File.ReadAllText(Repository.At("flows", "hello", "Upper.cs")).Trim(), Block("csharp").Single().Trim());

    private static IEnumerable<string> Inline() => InlineCode().Matches(s_readme).Select(match => match.Groups[1].Value);

    private static IEnumerable<string> Links() => Link().Matches(s_readme).Select(match => match.Groups[1].Value).Where(target => !target.StartsWith("http", StringComparison.Ordinal));

    private static IEnumerable<string> Block(string language) => Regex.Matches(s_readme, $"```{language}\n(.*?)```", RegexOptions.Singleline).Select(match => match.Groups[1].Value);

    [GeneratedRegex("(?<!`)`([^`\n]+)`(?!`)")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"^(src|flows|executors|tests|eng)/[\w./-]+$|^[\w.-]+\.sh$")]
    private static partial Regex RepositoryPath();

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<![\w.])(?:[A-Z][a-z]+){2,}(?!\w)")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"\./flowkit ((?:clip )?[a-z]+)")]
    private static partial Regex ShownCommand();
}
