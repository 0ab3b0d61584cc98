using FlowKit.Specs.Running;

namespace FlowKit.Specs;

/// <summary>What a person at a terminal sees: tables and bars instead of lines and JSON.</summary>
public sealed class TerminalSpecs : IDisposable
{
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
        var executors = await Terminal.SeeAsync("list");
        var models = await Terminal.SeeAsync("models list tiny-clip");
        var compared = await Terminal.SeeAsync("clip compare 'a red apple' 'a green apple' 'a dog'");

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
        using var running = Terminal.Start($"run {flow} --port 0 --workspace {_folder.Path}/workspace");
        const string Ready = " is ready to serve at ";
        await running.UntilAsync(Ready);
        await running.UntilAsync("Ctrl-C");
        var address = running.Seen.Split(Ready)[1].Split(' ')[0].TrimEnd('.');
        var posted = await Terminal.SeeAsync($"post {address} --on /foo --text 'a green apple'");
        await running.InterruptAsync();
        var seen = await running.EndAsync();

        Assert.Contains("Loading executors", seen, StringComparison.Ordinal);
        Assert.Contains("Indexing", seen, StringComparison.Ordinal);
        Assert.Matches(@"│ any other +│ POST http", seen);
        Assert.Contains("100%", posted, StringComparison.Ordinal);
    }
}
