using System.Diagnostics;
using System.Text;
using FlowKit.Specs.Running;

namespace FlowKit.Specs;

/// <summary>What a person at a terminal sees: tables and bars instead of lines and JSON.</summary>
public sealed class TerminalSpecs : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(4);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Executors_are_listed_a_line_each_for_programs()
    {
        var lines = (await FlowKitCommand.RunAsync("list")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.All(lines, line => Assert.Equal(3, line.Split('\t').Length));
        Assert.Contains(lines, line => line.StartsWith("VectorIndexer\t", StringComparison.Ordinal));
    }

    [TerminalFact]
    public async Task Executors_models_and_comparisons_are_tables()
    {
        var executors = await SeeAsync("list");
        var models = await SeeAsync("models list tiny-clip");
        var compared = await SeeAsync("clip compare 'a red apple' 'a green apple' 'a dog'");

        Assert.Matches(@"│ VectorIndexer +│ ", executors);
        Assert.Contains("│ What it does", executors, StringComparison.Ordinal);
        Assert.Matches(@"│ tiny-clip +│ built in +│ 224", models);
        Assert.Matches(@"│ a green apple +│ [01]\.\d{4} +│ [01]\.\d{4}", compared);
    }

    [TerminalFact]
    public async Task A_flow_shows_its_bars_and_its_endpoints_and_a_post_its_replies()
    {
        _folder.File("words.txt", "a red apple\n");
        var flow = _folder.File("flow.yml", "jtype: Flow\nexecutors:\n  - name: text\n    uses: ClipTextEncoder\non_start:\n  - post: /index\n    inputs: words.txt\n");
        using var running = Start($"run {flow} --port 0 --workspace {_folder.Path}/workspace");
        var seen = new StringBuilder();
        var ready = " is ready to serve at ";
        while (!seen.ToString().Contains(ready, StringComparison.Ordinal))
        {
            var buffer = new char[4096];
            var read = await running.StandardOutput.ReadAsync(buffer).AsTask().WaitAsync(s_limit);
            Assert.True(read > 0, seen.ToString());
            seen.Append(buffer, 0, read);
        }

        while (!seen.ToString().Contains("Ctrl-C", StringComparison.Ordinal))
        {
            seen.Append((char)running.StandardOutput.Read());
        }

        var address = seen.ToString().Split(ready)[1].Split(' ')[0].TrimEnd('.');
        var posted = await SeeAsync($"post {address} --on /foo --text 'a green apple'");
        await running.StandardInput.WriteAsync('\u0003');
        await running.StandardInput.FlushAsync();
        seen.Append(await running.StandardOutput.ReadToEndAsync().WaitAsync(s_limit));

        Assert.Contains("Loading executors", seen.ToString(), StringComparison.Ordinal);
        Assert.Contains("Indexing", seen.ToString(), StringComparison.Ordinal);
        Assert.Matches(@"│ any other +│ POST http", seen.ToString());
        Assert.Contains("100%", posted, StringComparison.Ordinal);
    }

    private static async Task<string> SeeAsync(string command)
    {
        using var process = Start(command);
        return await process.StandardOutput.ReadToEndAsync().WaitAsync(s_limit);
    }

    /// <summary>Runs the command line on a terminal of 160 columns.</summary>
    private static Process Start(string command)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "flowkit.dll");
        var start = new ProcessStartInfo("script", ["-qefc", $"stty cols 160 rows 50; exec env --default-signal=INT dotnet {program} {command}", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Repository.Root,
        };
        (start.Environment["TERM"], start.Environment["NO_COLOR"]) = ("xterm", "1");
        return Process.Start(start)!;
    }
}
