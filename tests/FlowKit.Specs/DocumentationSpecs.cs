using System.Text.RegularExpressions;
using System.Xml.Linq;
using FlowKit.Specs.Running;

namespace FlowKit.Specs;

/// <summary>Prose about names rots: what a page names must exist, and what it shows must work.</summary>
public sealed partial class DocumentationSpecs
{
    /// <summary>Packages of one owner and licence, which one line of the notices stands for.</summary>
    private static readonly string[] s_familiesInNotices = ["Microsoft.Extensions.", "NetVips.Native.", "Tokenizers.DotNet", "xunit"];

    public static TheoryData<string> All =>
        [.. MarkdownPage.Names, .. MarkdownPage.Flows, .. MarkdownPage.Packages, .. MarkdownPage.WellKnown];

    public static TheoryData<string> WithFlows => [.. MarkdownPage.Names.Where(name => name != "README.md"), .. MarkdownPage.Flows];

    [Theory]
    [MemberData(nameof(All))]
    public void Every_file_it_names_exists(string name)
    {
        var page = MarkdownPage.Read(name);
        var named = page.Inline().Where(code => RepositoryPath().IsMatch(code)).Select(path => Repository.At(path)).Concat(page.Links()).Distinct().ToList();

        Assert.All(named, path => Assert.True(Path.Exists(path), $"{name} names {path}, which does not exist."));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Every_command_it_shows_exists(string name)
    {
        foreach (var command in ShownCommand().Matches(MarkdownPage.Read(name).Text).Select(match => match.Groups[1].Value).Distinct())
        {
            var result = await FlowKitCommand.RunAsync([.. command.Split(' '), "--help"]);
            Assert.True(result.ExitCode == 0, $"{name}: flowkit {command}: {result.Errors}");
        }
    }

    /// <summary>A block whose first line is <c># name.yml</c> is that file; a C# block with a class is the file of its name, and any other a piece of a program.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public async Task Every_flow_and_all_code_it_shows_passes_the_check(string name)
    {
        var page = MarkdownPage.Read(name);
        using var folder = new TemporaryFolder();
        var classes = page.Blocks("csharp").ToLookup(code => ClassName().Match(code).Groups[1].Value);
        foreach (var (type, code) in classes.Where(group => group.Key.Length > 0).SelectMany(group => group.Select(code => (group.Key, code))))
        {
            folder.File($"{type}.cs", code);
            folder.File($"{type}.yml", $"jtype: Flow\nexecutors:\n  - uses: ./{type}.cs\n");
            await CheckAsync(name, Path.Combine(folder.Path, $"{type}.yml"));
        }

        folder.File("notes/note.txt", "a file for flows that post some");
        Assert.All(classes[""], statements => Assert.Empty(Snippet.Compile(statements)));
        foreach (var block in page.Blocks("yaml"))
        {
            await CheckAsync(name, folder.File(FileName().Match(block) is { Success: true } file ? file.Groups[1].Value : "flow.yml", block));
        }
    }

    /// <summary>The first block of a page runs a flow, the others ask it.</summary>
    [Theory]
    [MemberData(nameof(WithFlows))]
    public async Task Every_line_for_a_shell_works(string name)
    {
        using var folder = new TemporaryFolder();
        RunningFlow? flow = null;
        try
        {
            foreach (var block in MarkdownPage.Read(name).Blocks("bash"))
            {
                if (RunLine().Match(block) is { Success: true } run)
                {
                    await (flow?.DisposeAsync() ?? ValueTask.CompletedTask);
                    flow = await RunningFlow.StartAsync(Repository.At(run.Groups[1].Value), folder.Path);
                    continue;
                }

                Assert.True(flow is not null, $"{name} asks a flow that it has not started:\n{block}");
                await ShellBlock.RunAsync(block, new Uri(flow.Address));
            }
        }
        finally
        {
            await (flow?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    [Fact]
    public void Every_page_is_linked_from_the_README_and_is_short()
    {
        var linked = MarkdownPage.Read("README.md").Links().ToHashSet(StringComparer.Ordinal);

        Assert.All(MarkdownPage.Names.Skip(1), name =>
        {
            Assert.Contains(Repository.At(name), linked);
            Assert.InRange(File.ReadAllLines(Repository.At(name)).Length, 10, 110);
        });
    }

    [Fact]
    public void The_index_links_every_page_and_every_flow()
    {
        var linked = MarkdownPage.Read("docs/README.md").Links().ToHashSet(StringComparer.Ordinal);

        Assert.All(
            MarkdownPage.Names.Where(name => name != "docs/README.md").Concat(MarkdownPage.Flows),
            name => Assert.Contains(Repository.At(name), linked));
    }

    /// <summary>What is redistributed is named with its licence; <c>Microsoft.Extensions.*</c> stands for all of them.</summary>
    [Fact]
    public void Every_package_that_a_program_is_made_of_is_in_the_notices()
    {
        var notices = MarkdownPage.Read("THIRD-PARTY-NOTICES.md").Text;
        var central = XDocument.Load(Repository.At("Directory.Packages.props")).Descendants("PackageVersion")
            .Select(package => (string)package.Attribute("Include")!);

        Assert.All(central, name =>
        {
            var named = s_familiesInNotices.FirstOrDefault(family => name.StartsWith(family, StringComparison.Ordinal)) ?? name;
            Assert.True(notices.Contains(named, StringComparison.Ordinal), $"THIRD-PARTY-NOTICES.md does not name {name} and its licence.");
        });
    }

    private static async Task CheckAsync(string page, string flow)
    {
        var result = await FlowKitCommand.RunAsync("check", flow, "--context", "model=tiny-clip");
        Assert.True(result.ExitCode == 0, $"{page}: {await File.ReadAllTextAsync(flow)}\n{result.Errors}");
    }

    [GeneratedRegex(@"^(src|flows|executors|tests|eng|docs)/[\w./-]+$|^[\w.-]+\.sh$")]
    private static partial Regex RepositoryPath();

    [GeneratedRegex(@"\./flowkit ((?:clip |models )?[a-z]+)")]
    private static partial Regex ShownCommand();

    [GeneratedRegex(@"public sealed class (\w+)")]
    private static partial Regex ClassName();

    [GeneratedRegex(@"\A# ([\w-]+\.yml)\n")]
    private static partial Regex FileName();

    [GeneratedRegex(@"\A\./flowkit run (\S+)\n\z")]
    private static partial Regex RunLine();
}
