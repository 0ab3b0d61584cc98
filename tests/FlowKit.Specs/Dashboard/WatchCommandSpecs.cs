using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FlowKit.Specs.Running;

namespace FlowKit.Specs.Dashboard;

/// <summary><c>flowkit top</c> and <c>flowkit trace</c> before a flow under load.</summary>
public sealed partial class WatchCommandSpecs(WatchedFlow watched) : IClassFixture<WatchedFlow>
{
    [Fact]
    public async Task Top_shows_a_line_for_each_executor_and_shard()
    {
        var result = await FlowKitCommand.RunAsync("top", watched.Flow.Address, "--once");

        Assert.True(result.ExitCode == 0, result.Errors);
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Matches(@"^[\d.]+ requests/s, p50 .+, p99 .+, [\d.]+ failed/s, \d+ under way, \d+ of \d+ MiB$", lines[0]);
        Assert.Equal(
            ["executor", "decoder", "text_encoder", "image_encoder", "remote", "ends", "indexer/0", "indexer/1", "ranker", "journal"],
            lines[1..].Select(line => line.Split(' ')[0]).OrderBy(name => Array.IndexOf(s_order, name)));
        Assert.Contains(lines, line => BusyEncoder().IsMatch(line));
    }

    [Fact]
    public async Task Trace_lists_requests_and_shows_one_hop_by_hop()
    {
        var list = await FlowKitCommand.RunAsync("trace", watched.Flow.Address);
        var failed = FailedRequest().Match(list.Output);
        Assert.True(failed.Success, list.Output + list.Errors);

        var one = await FlowKitCommand.RunAsync("trace", watched.Flow.Address, failed.Groups["id"].Value);
        var none = await FlowKitCommand.RunAsync("trace", watched.Flow.Address, "0");

        Assert.Contains("Slowest:", list.Output, StringComparison.Ordinal);
        var lines = one.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("cannot take <b>bad</b>", lines[1], StringComparison.Ordinal);
        Assert.Matches(@"^  gateway +█{48}  [\d.]+ m?s$", lines[2]);
        Assert.Contains(lines[3..], line => Regex.IsMatch(line, @"^  ranker +█+ +[\d.]+ ms.*, Internal$"));
        Assert.Equal((1, true), (none.ExitCode, none.Errors.Contains("No request '0' is kept", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Logs_shows_what_was_logged_about_an_executor_as_lines_of_JSON()
    {
        var result = await FlowKitCommand.RunAsync("logs", watched.Flow.Address, "--level", "warning", "--executor", "ranker", "--since", "2h");

        Assert.True(result.ExitCode == 0, result.Errors);
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Contains(lines, line => ((string)line["message"]!).Contains("cannot take <b>bad</b>", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.Equal("ranker", (string?)line["executor"]));
        Assert.All(lines, line => Assert.Contains((string)line["level"]!, new[] { "Warning", "Error", "Critical" }));
        Assert.Empty((await FlowKitCommand.RunAsync("logs", watched.Flow.Address, "--executor", "nobody")).Output);
    }

    [Fact]
    public async Task Logs_goes_on_until_the_flow_ends()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("flow.yml", "jtype: Flow\nexecutors:\n  - {name: talks, uses: ./Talks.cs}\n");
        folder.File("Talks.cs", """
            public sealed class Talks : Executor
            {
                [Requests]
                public void Say(DocumentArray docs) => Microsoft.Extensions.Logging.LoggerExtensions.LogWarning(Context.Logger, "said {Text}", docs[0].Text);
            }
            """);
        await using var flow = await RunningFlow.StartAsync(file, Path.Combine(folder.Path, "workspace"));
        await PostAsync(flow, "one");
        await flow.LoggedAsync("said one");
        using var following = Process.Start(FlowKitCommand.StartInfo("logs", flow.Address, "-f", "--level", "warning"))!;
        await SaysAsync(following, "said one");
        await PostAsync(flow, "two");
        await SaysAsync(following, "said two");
        await flow.StopAsync();
        await following.WaitForExitAsync().WaitAsync(s_limit);

        Assert.Equal(0, following.ExitCode);
    }

    private static async Task PostAsync(RunningFlow flow, string text)
    {
        using var answer = await flow.Http.PostAsJsonAsync("/post", new { data = new[] { new { text } }, execEndpoint = "/run" });
        answer.EnsureSuccessStatusCode();
    }

    private static async Task SaysAsync(Process following, string message) =>
        Assert.Equal(message, (string?)JsonNode.Parse((await following.StandardOutput.ReadLineAsync().WaitAsync(s_limit))!)!["message"]);

    [Theory]
    [InlineData("--since", "10", "--since: expected a number of seconds")]
    [InlineData("--since", "3d", "--since: expected a number of seconds")]
    [InlineData("--level", "loud", "--level")]
    public async Task Logs_says_what_it_does_not_take(string option, string value, string error)
    {
        var result = await FlowKitCommand.RunAsync("logs", watched.Flow.Address, option, value);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(error, result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("top")]
    [InlineData("trace")]
    [InlineData("logs")]
    public async Task Where_no_flow_answers_it_is_said(string command)
    {
        var nobody = await FlowKitCommand.RunAsync(command, "http://127.0.0.1:1");
        var grpc = await FlowKitCommand.RunAsync(command, "grpc://127.0.0.1:1");

        Assert.Equal((1, 1), (nobody.ExitCode, grpc.ExitCode));
        Assert.Contains("No flow answers at http://127.0.0.1:1/", nobody.Errors, StringComparison.Ordinal);
        Assert.Contains("needs an http address, not 'grpc://127.0.0.1:1'", grpc.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flow_that_shows_nothing_and_one_that_wants_a_key_are_told_apart()
    {
        using var folder = new TemporaryFolder();
        var hidden = folder.File("hidden.yml", "jtype: Flow\ngateway: {no_debug_endpoints: true}\nexecutors:\n  - uses: BaseExecutor\n");
        var locked = folder.File("locked.yml", "jtype: Flow\ngateway: {api_keys: quince-medlar-and-sorb-31}\nexecutors:\n  - uses: BaseExecutor\n");
        await using var first = await RunningFlow.StartAsync(hidden, Path.Combine(folder.Path, "first"));
        await using var second = await RunningFlow.StartAsync(locked, Path.Combine(folder.Path, "second"));

        Assert.Contains("no_debug_endpoints", (await FlowKitCommand.RunAsync("top", first.Address, "--once")).Errors, StringComparison.Ordinal);
        Assert.Contains("needs an API key", (await FlowKitCommand.RunAsync("top", second.Address, "--once")).Errors, StringComparison.Ordinal);
        Assert.Equal(0, (await FlowKitCommand.RunAsync("top", second.Address, "--once", "--api-key", "quince-medlar-and-sorb-31")).ExitCode);
    }

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    private static readonly string[] s_order =
        ["executor", "decoder", "text_encoder", "image_encoder", "remote", "ends", "indexer/0", "indexer/1", "ranker", "journal"];

    [GeneratedRegex(@"^image_encoder +2/2 +\d+ +\d+ +[\d.]+ +[\d.]+ +[\d.]+ ms +[\d.]+ ms +[\d.]+ +0 +serves$")]
    private static partial Regex BusyEncoder();

    [GeneratedRegex(@"^ +(?<id>\d+)  .*/run  Internal in ranker\r?$", RegexOptions.Multiline)]
    private static partial Regex FailedRequest();
}
