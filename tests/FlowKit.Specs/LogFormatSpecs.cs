using System.Text.Json.Nodes;
using FlowKit.Specs.Running;

namespace FlowKit.Specs;

/// <summary><c>--log-format</c> and <c>--log-level</c>.</summary>
public sealed class LogFormatSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Json_is_an_object_a_line_with_the_level_that_was_asked_for()
    {
        var lines = await LogAsync("--log-format", "json", "--log-level", "debug");

        var logged = lines.Where(line => line.StartsWith('{')).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Contains(logged, line => (string?)line["LogLevel"] == "Information" && ((string?)line["Category"])!.StartsWith("FlowKit.", StringComparison.Ordinal));
        Assert.All(logged, line => Assert.NotEqual("Trace", (string?)line["LogLevel"]));
    }

    [Fact]
    public async Task Systemd_begins_each_line_with_its_level()
    {
        var lines = await LogAsync("--log-format", "systemd", "--log-level", "information");

        Assert.Contains(lines, line => line.StartsWith("<6>FlowKit.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_exception_stands_below_its_message_a_frame_a_line_and_can_forge_no_message()
    {
        _folder.File("Fall.cs", """
            public sealed class Fall : Executor
            {
                [Requests] public static void Run(Document document) => Inner(document.Text);
                private static void Inner(string? text) => throw new InvalidOperationException($"it fell over {text}");
            }
            """);
        var flow = _folder.File("flow.yml", "jtype: Flow\nexecutors:\n  - name: fall\n    uses: ./Fall.cs\n");
        await using var running = await RunningFlow.StartAsync(flow, Path.Combine(_folder.Path, "workspace"));
        var posted = await FlowKitCommand.RunAsync("post", running.Address, "--on", "/fall", "--text", "a\ninfo: forged");
        Assert.Equal(1, posted.ExitCode);
        await running.LoggedAsync("Fall.Inner");
        Assert.Equal(0, await running.StopAsync());

        var lines = running.Log.Split('\n');
        Assert.Contains(lines, line => line.StartsWith("         at Fall.Inner(", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("         at FlowKit.", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.StartsWith("info: forged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_format_or_level_that_is_none_is_refused()
    {
        var format = await FlowKitCommand.RunAsync("run", "flow.yml", "--log-format", "xml");
        var level = await FlowKitCommand.RunAsync("run", "flow.yml", "--log-level", "loud");

        Assert.NotEqual(0, format.ExitCode);
        Assert.Contains("xml", format.Errors, StringComparison.Ordinal);
        Assert.NotEqual(0, level.ExitCode);
        Assert.Contains("loud", level.Errors, StringComparison.Ordinal);
    }

    private async Task<string[]> LogAsync(params string[] options)
    {
        var flow = _folder.File("flow.yml", "jtype: Flow\nexecutors:\n  - name: text\n    uses: ClipTextEncoder\n");
        await using var running = await RunningFlow.StartAsync(flow, Path.Combine(_folder.Path, "workspace"), options);
        Assert.Equal(0, await running.StopAsync());
        return running.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
