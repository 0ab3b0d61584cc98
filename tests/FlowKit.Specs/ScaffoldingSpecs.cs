using System.Diagnostics;
using System.Text.Json.Nodes;
using FlowKit.Specs.Running;
using Xunit.Abstractions;

namespace FlowKit.Specs;

/// <summary>New executors and flows, made by the command and by <c>dotnet new</c>, inside and outside the checkout.</summary>
[Collection(PackageFeedCollection.Name)]
public sealed class ScaffoldingSpecs(PackageFeed feed, ITestOutputHelper output) : IDisposable
{
    private static readonly string[] s_places = [".flowkit", ".vs"];

    private readonly TemporaryFolder _outside = new();
    private readonly string _inside = Directory.CreateDirectory(Repository.At("artifacts", "scaffolded", Guid.NewGuid().ToString("N"))).FullName;

    public void Dispose()
    {
        _outside.Dispose();
        Directory.Delete(_inside, recursive: true);
    }

    private Task<string> RunAsync(string folder, string command, params string[] arguments) =>
        DotnetCommand.RunAsync(folder, feed.Environment, command, arguments);

    private static async Task NewAsync(string kind, string name, string folder)
    {
        var made = await FlowKitCommand.RunAsync("new", kind, name, "--output", folder);
        Assert.True(made.ExitCode == 0, made.Errors);
        Assert.Contains("eng/pack.sh && dotnet test ", made.Output, StringComparison.Ordinal);
    }

    private Task<string> TestAsync(string folder) => RunAsync(folder, "dotnet", "test", "tests", "-c", "Release", "-v", "quiet");

    private static string[] FilesOf(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path)).Where(path => !s_places.Any(path.Contains)).Order(StringComparer.Ordinal)];

    /// <summary>The commands are those of the page; the flow's port is a free one.</summary>
    [Fact]
    public async Task From_nothing_to_an_executor_that_answers_in_three_commands_and_one_class()
    {
        var commands = MarkdownPage.Read("docs/executors.md").Blocks("console").Single().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["./flowkit new executor Shout", "./flowkit run Shout/flow.yml", "./flowkit post http://localhost:8080 --text hello"], commands);
        var began = Stopwatch.GetTimestamp();

        await NewAsync("executor", "Shout", _outside.Path);
        var code = Path.Combine(_outside.Path, "Shout", "Shout.cs");
        Assert.InRange((await File.ReadAllLinesAsync(code)).Length, 5, 15);
        await using var flow = await RunningFlow.StartAsync(Path.Combine(_outside.Path, "Shout", "flow.yml"), Path.Combine(_outside.Path, "work"));
        var answer = await FlowKitCommand.RunAsync("post", flow.Address, "--text", "hello", "--output", "jsonl");

        output.WriteLine($"{commands.Length} commands, {(await File.ReadAllLinesAsync(code)).Length} lines: {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        Assert.Equal("HELLO!", (string)JsonNode.Parse(answer.Output)!["text"]!);

        var text = await File.ReadAllTextAsync(code);
        await File.WriteAllTextAsync(code, text.Replace("ToUpperInvariant", "ToUpperInvariantly", StringComparison.Ordinal));
        await flow.LoggedAsync("CS1061");
        Assert.Matches(@"Shout/Shout\.cs:10:\d+: CS1061: 'string' does not contain a definition for 'ToUpperInvariantly'", flow.Log);
        await File.WriteAllTextAsync(code, text.Replace("ToUpperInvariant", "ToLowerInvariant", StringComparison.Ordinal));
        await flow.LoggedAsync("has changed and is applied");
        answer = await FlowKitCommand.RunAsync("post", flow.Address, "--text", "HeLLo", "--output", "jsonl");
        Assert.Equal("hello!", (string)JsonNode.Parse(answer.Output)!["text"]!);
    }

    [Theory]
    [InlineData("executor", "Shout", false)]
    [InlineData("executor", "Shout", true)]
    [InlineData("flow", "Words", true)]
    public async Task A_new_one_passes_its_tests_at_once(string kind, string name, bool inside)
    {
        var folder = inside ? _inside : _outside.Path;

        await NewAsync(kind, name, folder);

        Assert.Contains("Passed!  - Failed:     0, Passed:     1", await TestAsync(Path.Combine(folder, name)), StringComparison.Ordinal);
        var check = await FlowKitCommand.RunAsync("check", Path.Combine(folder, name, "flow.yml"));
        Assert.True(check.ExitCode == 0, check.Errors);
        Assert.All(new[] { "README.md", "Dockerfile", "flow.yml", ".gitignore" }, file => Assert.True(File.Exists(Path.Combine(folder, name, file)), file));
    }

    [Fact]
    public async Task Dotnet_new_makes_the_same_from_the_packed_templates()
    {
        var hive = Path.Combine(_outside.Path, "hive");
        await RunAsync(_outside.Path, "dotnet", "new", "install", Directory.GetFiles(feed.Path, "FlowKit.Templates.*.nupkg").Single(), "--debug:custom-hive", hive);
        foreach (var (template, kind, name) in new[] { ("flowkit-executor", "executor", "Shout"), ("flowkit-flow", "flow", "Words") })
        {
            await RunAsync(_outside.Path, "dotnet", "new", template, "-n", name, "-o", $"dotnet/{name}", "--debug:custom-hive", hive, "--no-update-check");
            await NewAsync(kind, name, Path.Combine(_outside.Path, "flowkit"));

            var (left, right) = (Path.Combine(_outside.Path, "flowkit", name), Path.Combine(_outside.Path, "dotnet", name));
            Assert.Equal(FilesOf(left), FilesOf(right));
            Assert.All(FilesOf(left), file => Assert.Equal(File.ReadAllText(Path.Combine(left, file)), File.ReadAllText(Path.Combine(right, file))));
            Assert.All(FilesOf(left), file => Assert.DoesNotContain(Repository.Root, File.ReadAllText(Path.Combine(left, file)), StringComparison.Ordinal));
            Assert.All(FilesOf(left), file => Assert.DoesNotContain("My", File.ReadAllText(Path.Combine(left, file)).Replace("MSBuild", "", StringComparison.Ordinal), StringComparison.Ordinal));
        }

        Assert.Contains("Passed!  - Failed:     0, Passed:     1", await TestAsync(Path.Combine(_outside.Path, "dotnet", "Shout")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shout", 2, "NAME: expected a class's name, such as Shout: a capital letter, then letters and digits, not 'shout'")]
    [InlineData("Executor", 2, "NAME: 'Executor' is a name of FlowKit's own; choose another")]
    [InlineData("Taken", 1, "Taken' is there already, and not empty; choose another name, or another --output.")]
    public async Task A_name_that_cannot_be_is_refused(string name, int exitCode, string message)
    {
        Directory.CreateDirectory(Path.Combine(_outside.Path, "Taken", "something"));

        var result = await FlowKitCommand.RunAsync("new", "executor", name, "--output", _outside.Path);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(message, result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Shout", Directory.GetDirectories(_outside.Path).Select(Path.GetFileName));
    }
}
