using System.Globalization;
using System.Text.RegularExpressions;
using FlowKit.Specs.Running;

namespace FlowKit.Specs;

/// <summary>The tables of faults name tests that exist, and leave no fault out.</summary>
public sealed partial class FaultTableSpecs
{
    private static readonly Lazy<Dictionary<string, string>> s_sources = new(() =>
        Directory.EnumerateFiles(Repository.At("tests"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal))
            .GroupBy(path => Path.GetFileNameWithoutExtension(path))
            .ToDictionary(group => group.Key, group => string.Concat(group.Select(File.ReadAllText))));

    /// <summary>What was found when Jina itself was set beside FlowKit.</summary>
    private static readonly string[] s_differences =
    [
        .. Numbered("D", 7), .. Numbered("N", 6), .. Numbered("V", 3), "J1", .. Numbered("T", 7).Skip(1), .. Numbered("R", 2), .. Numbered("C", 3),
        .. Numbered("Y", 12),
    ];

    [Theory]
    [InlineData("docs/faults-table.md", 95)]
    [InlineData("docs/faults-found.md", 25)]
    [InlineData("docs/threats.md", 18)]
    [InlineData("docs/jina-behaviours.md", 48)]
    [InlineData("docs/jina-differences.md", 46)]
    public void Every_test_that_a_table_names_exists(string page, int least)
    {
        var named = TestName().Matches(MarkdownPage.Read(page).Text).Select(match => (Class: match.Groups[1].Value, Method: match.Groups[2].Value)).ToList();

        Assert.InRange(named.Count, least - 5, 200);
        Assert.All(named, test => Assert.True(Exists(test.Class, test.Method), $"{page} names {test.Class}.{test.Method}, which is no test."));
    }

    [Fact]
    public void Each_of_the_ninety_five_faults_has_a_row()
    {
        var numbers = Row().Matches(MarkdownPage.Read("docs/faults-table.md").Text).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));

        Assert.Equal(Enumerable.Range(1, 95), numbers);
    }

    [Fact]
    public void The_differences_from_Jina_are_counted_as_they_are()
    {
        var text = MarkdownPage.Read("docs/jina-differences.md").Text;
        var outcomes = Difference().Matches(text).Select(match => match.Groups["outcome"].Value).ToList();
        var counts = Count().Matches(text).ToDictionary(match => match.Groups["what"].Value, match => int.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture));

        Assert.Equal(["as Jina", "better", "on purpose", "**all**"], counts.Keys);
        Assert.Equal(counts["**all**"], outcomes.Count);
        Assert.All(["as Jina", "better", "on purpose"], what => Assert.Equal(counts[what], outcomes.Count(outcome => outcome == what)));
        Assert.Subset(outcomes.ToHashSet(), counts.Keys.Where(what => what != "**all**").ToHashSet());
        foreach (var number in s_differences)
        {
            Assert.Contains($"| {number}", text, StringComparison.Ordinal);
        }
    }

    private static bool Exists(string type, string method) =>
        s_sources.Value.TryGetValue(type, out var source) && Regex.IsMatch(source, $@"(Fact|Theory)[\s\S]{{0,4000}}?public .*(void|Task) {method}\(");

    private static IEnumerable<string> Numbered(string letter, int count) =>
        Enumerable.Range(1, count).Select(number => string.Create(CultureInfo.InvariantCulture, $"{letter}{number}"));

    [GeneratedRegex(@"^\| [A-Z]\d+[a-z]? \| .+ \| (?<outcome>[^|]+) \| `\w+\.\w+` \|$", RegexOptions.Multiline)]
    private static partial Regex Difference();

    [GeneratedRegex(@"^\| (?<what>[^|]+) \| (?:\*\*)?(?<count>\d+)(?:\*\*)? \|$", RegexOptions.Multiline)]
    private static partial Regex Count();

    [GeneratedRegex(@"`(\w+)\.(\w+)` \|$", RegexOptions.Multiline)]
    private static partial Regex TestName();

    [GeneratedRegex(@"^\| (\d+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
