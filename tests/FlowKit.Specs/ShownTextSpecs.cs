using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FlowKit.Specs.Running;

namespace FlowKit.Specs;

/// <summary>What callers and executors write, where a log, a terminal or another caller may show it.</summary>
public sealed class ShownTextSpecs : IDisposable
{
    private const string Secret = "quince-and-medlar-31";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "simple")]
    [InlineData("", "json")]
    [InlineData("", "systemd")]
    [InlineData("    runtime: process\n", "simple")]
    public async Task No_secret_and_no_escape_sequence_is_told(string runtime, string format)
    {
        _folder.File("Leak.cs", """
            public sealed class Leak : Executor
            {
                [Requests("/leak")]
                public static void Throw()
                {
                    Console.Error.WriteLine($"writes {Environment.GetEnvironmentVariable("DB_PASSWORD")} \e[2J");
                    throw new InvalidOperationException($"no account \e[2J by {Environment.GetEnvironmentVariable("DB_PASSWORD")}");
                }

                [Requests("/fail")]
                public static void Fail(DocumentArray docs) =>
                    docs[0].Fail(FlowErrorCode.InvalidArgument, $"not with {Environment.GetEnvironmentVariable("DB_PASSWORD")}");
            }
            """);
        var file = _folder.File(
            "flow.yml",
            $"jtype: Flow\nenv: {{DB_PASSWORD: '${{{{ ENV.PASSED }}}}'}}\nexecutors:\n  - name: leak\n    uses: ./Leak.cs\n{runtime}");
        var start = FlowKitCommand.StartInfo(
            "run", file, "--port", "0", "--workspace", Path.Combine(_folder.Path, "workspace"), "--log-format", format);
        start.Environment["PASSED"] = Secret;
        await using var flow = await RunningFlow.StartAsync(start);

        var thrown = await PostAsync(flow, "/leak");
        var failed = await PostAsync(flow, "/fail");
        var unknown = await PostAsync(flow, "/\u001b[2Junknown");
        var status = await flow.Http.GetStringAsync("/ready");
        var posted = await FlowKitCommand.RunAsync("post", flow.Address, "--on", "/leak", "--text", "a");
        await flow.LoggedAsync("no account");

        Assert.Contains("by ***", thrown, StringComparison.Ordinal);
        Assert.Contains("not with ***", failed, StringComparison.Ordinal);
        Assert.Contains("***", status, StringComparison.Ordinal);
        Assert.All([thrown, failed, unknown, status, posted.Errors], told => Assert.DoesNotContain(Secret, told, StringComparison.Ordinal));
        Assert.Contains("no account \uFFFD[2J by ***", posted.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', posted.Errors + posted.Output);
        Assert.Equal(0, await flow.StopAsync());

        // What an executor in this process writes itself goes past every log.
        var logged = runtime.Length > 0 ? flow.Log : string.Join('\n', flow.Log.Split('\n').Where(line => !line.StartsWith("writes ", StringComparison.Ordinal)));
        Assert.Contains("***", logged, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, logged, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', logged);
    }

    [Fact]
    public async Task A_reply_cannot_write_to_the_terminal()
    {
        _folder.File("Echo.cs", "public sealed class Echo : Executor { [Requests] public static void Pass() { } }");
        var file = _folder.File("flow.yml", "jtype: Flow\nexecutors:\n  - name: echo\n    uses: ./Echo.cs\n");
        await using var flow = await RunningFlow.StartAsync(file, Path.Combine(_folder.Path, "workspace"));

        foreach (var form in (string[])["table", "json", "jsonl"])
        {
            var posted = await FlowKitCommand.RunAsync("post", flow.Address, "--on", "/echo", "--text", "a\u001b[2J\u009b31mb\u007f", "--output", form);

            Assert.True(posted.ExitCode == 0, posted.Errors);
            Assert.DoesNotContain(posted.Output + posted.Errors, character => char.IsControl(character) && character is not ('\n' or '\r' or '\t'));
            Assert.Contains("31mb", posted.Output, StringComparison.Ordinal);
        }
    }

    private static async Task<string> PostAsync(RunningFlow flow, string endpoint)
    {
        using var answer = await flow.Http.PostAsJsonAsync("/post", new { data = new[] { new { text = "a" } }, execEndpoint = endpoint });
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
