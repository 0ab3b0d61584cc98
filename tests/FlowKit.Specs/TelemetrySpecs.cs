using System.Diagnostics;
using System.Text;
using FlowKit.Specs.Running;

namespace FlowKit.Specs;

/// <summary>ONNX Runtime's own telemetry is off in every process that FlowKit opens a model in, whoever started it.</summary>
public sealed class TelemetrySpecs : IDisposable
{
    private readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_process_that_runs_a_model_leaves_nothing_of_the_runtimes_telemetry_behind()
    {
        var result = await FlowKitCommand.RunAsync(AtHome(FlowKitCommand.StartInfo("clip", "embed", "--model", "tiny-clip", "--text", "a pear")));

        Assert.Equal(0, result.ExitCode);
        Assert.Empty(LeftBehind());
    }

    [Theory]
    [InlineData("")]
    [InlineData(", runtime: process")]
    public async Task Nor_does_a_flow_nor_a_worker_of_it(string runtime)
    {
        var flow = _home.File("flow.yml", $$"""
            jtype: Flow
            executors: [{name: encoder, uses: ClipTextEncoder, uses_with: {model: tiny-clip} {{runtime}} }]
            """);
        await using (var running = await RunningFlow.StartAsync(AtHome(FlowKitCommand.StartInfo("run", flow, "--port", "0", "--workspace", Path.Combine(_home.Path, "work")))))
        {
            using var body = new StringContent("""{"data":[{"text":"a pear"}],"execEndpoint":"/encode"}""", Encoding.UTF8, "application/json");
            using var answer = await running.Http.PostAsync("/post", body);
            Assert.Contains("\"embedding\":[", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Empty(LeftBehind());
    }

    /// <summary>Not the runtime alone: nothing that the process is made of asks for a name, or connects anywhere.</summary>
    [TracerFact]
    public async Task A_process_that_runs_a_model_opens_no_connection()
    {
        var command = AtHome(FlowKitCommand.StartInfo("clip", "embed", "--model", "tiny-clip", "--text", "a pear"));
        var trace = Path.Combine(_home.Path, "trace");
        foreach (var word in ((string[])["-f", "-qq", "-e", "trace=execve,connect,sendto,sendmsg,sendmmsg", "-o", trace, command.FileName]).Reverse())
        {
            command.ArgumentList.Insert(0, word);
        }

        command.FileName = TracerFactAttribute.ExecutablePath;

        var result = await FlowKitCommand.RunAsync(command);

        // Sockets of this machine, such as that of the names' cache, lead nowhere else.
        var calls = (await File.ReadAllLinesAsync(trace)).Where(line => line.Contains('(', StringComparison.Ordinal)).ToList();
        Assert.Equal(0, result.ExitCode);
        Assert.Contains(calls, line => line.Contains("execve(", StringComparison.Ordinal));
        Assert.DoesNotContain(calls, line => line.Contains("AF_INET", StringComparison.Ordinal));
    }

    /// <summary>The mark is set by FlowKit itself, also where the environment was empty before.</summary>
    private ProcessStartInfo AtHome(ProcessStartInfo start)
    {
        start.Environment["HOME"] = _home.Path;
        start.Environment["XDG_CACHE_HOME"] = Path.Combine(_home.Path, "cache");
        start.Environment.Remove("ORT_DISABLE_TELEMETRY");
        return start;
    }

    private string[] LeftBehind() =>
        [.. Directory.EnumerateFileSystemEntries(_home.Path, "*", SearchOption.AllDirectories)
            .Where(path => path.Contains("onnxruntime", StringComparison.OrdinalIgnoreCase) || path.Contains("DeveloperTools", StringComparison.Ordinal))];
}
