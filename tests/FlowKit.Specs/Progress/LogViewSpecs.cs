using System.Net.Http.Json;
using FlowKit.Specs.Running;

namespace FlowKit.Specs.Progress;

/// <summary><c>flowkit logs</c> on a terminal: lines for people, where programs get JSON.</summary>
public sealed class LogViewSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TerminalFact]
    public async Task A_person_reads_time_level_executor_message_and_trace()
    {
        _folder.File("Talks.cs", """
            public sealed class Talks : Executor
            {
                [Requests]
                public void Say(DocumentArray docs) =>
                    Microsoft.Extensions.Logging.LoggerExtensions.LogWarning(Context.Logger, "said [bold]{Text}[/]", docs[0].Text);
            }
            """);
        var file = _folder.File("flow.yml", "jtype: Flow\nexecutors:\n  - {name: talks, uses: ./Talks.cs}\n");
        await using var flow = await RunningFlow.StartAsync(file, Path.Combine(_folder.Path, "workspace"));
        using var following = Terminal.Start($"logs {flow.Address} --follow --level warning");
        foreach (var text in (string[])["one", "\u001b[31mtwo"])
        {
            using var answer = await flow.Http.PostAsJsonAsync("/post", new { data = new[] { new { text } }, execEndpoint = "/run" });
            answer.EnsureSuccessStatusCode();
        }

        await following.UntilAsync("two[/]");
        await flow.StopAsync();
        var seen = await following.EndAsync();

        // What was logged is text: it neither paints the line nor moves the cursor.
        Assert.Matches(@"(?m)(^|=)\d\d:\d\d:\d\d\.\d{3} warn talks said \[bold\]one\[/\]", seen);
        Assert.Matches(@"(?m)(^|=)\d\d:\d\d:\d\d\.\d{3} warn talks said \[bold\][^\u001b]*two\[/\]", seen);
        Assert.DoesNotContain("\u001b[31m", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("{\"", seen, StringComparison.Ordinal);
    }

    [TerminalFact]
    public async Task Colours_tell_levels_apart_where_they_are_wanted()
    {
        _folder.File("Fails.cs", "public sealed class Fails : Executor\n{\n    [Requests]\n    public static void All(DocumentArray docs) => throw new System.IO.IOException(\"no\");\n}\n");
        var file = _folder.File("flow.yml", "jtype: Flow\nexecutors:\n  - {name: fails, uses: ./Fails.cs}\n");
        await using var flow = await RunningFlow.StartAsync(file, Path.Combine(_folder.Path, "workspace"));
        using (await flow.Http.PostAsJsonAsync("/post", new { data = new[] { new { text = "a" } }, execEndpoint = "/run" }))
        {
            var coloured = await Terminal.SeeAsync($"logs {flow.Address}", new Dictionary<string, string> { ["NO_COLOR"] = "", ["TERM"] = "xterm-256color" });
            var plain = await Terminal.SeeAsync($"logs {flow.Address}");

            Assert.Matches("\u001b\\[[0-9;]+m(fail|warn)\u001b\\[0m", coloured);
            Assert.DoesNotMatch("\u001b\\[[0-9;]*m", plain);
        }
    }
}
