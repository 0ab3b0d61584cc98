using System.Text.Json.Nodes;
using FlowKit.Specs.Running;

namespace FlowKit.Specs;

/// <summary>Changing a running flow: replicas, code, and the flow's own file, without a request that fails.</summary>
public sealed class LiveChangeSpecs : IDisposable
{
    private const string Reloading = """
        jtype: Flow
        reload: true
        executors:
          - name: say
            uses: ./Say.cs

        """;

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _answers = [];

    public void Dispose() => _folder.Dispose();

    /// <summary>An executor that adds a word to the text.</summary>
    private void WriteExecutor(string word, string name = "Say") => _folder.File($"{name}.cs", $$"""
        public sealed class {{Path.GetFileName(name)}} : Executor
        {
            [Requests]
            public void Run(DocumentArray docs)
            {
                foreach (var doc in docs)
                {
                    doc.Text += " {{word}}";
                }
            }
        }
        """);

    private Task<RunningFlow> StartAsync(string flow) => RunningFlow.StartAsync(_folder.File("flow.yml", flow), _folder.Path);

    private static async Task<string> AskAsync(RunningFlow flow)
    {
        var reply = await ImageSearch.PostAsync(flow.Http, "/post", JsonNode.Parse("""{"data":[{"text":"I"}]}""")!);
        Assert.Null(reply["header"]!["status"]);
        return (string)reply["data"]![0]!["text"]!;
    }

    /// <summary>Asks without a pause, as fast as it is answered, until it is stopped.</summary>
    private async Task AskOnAsync(RunningFlow flow, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var answer = await AskAsync(flow);
            lock (_answers)
            {
                _answers.Add(answer);
            }
        }
    }

    private async Task AnsweredAsync(string answer)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            lock (_answers)
            {
                if (_answers.LastOrDefault() == answer)
                {
                    return;
                }
            }

            await Task.Delay(20, limit.Token);
        }
    }

    [Fact]
    public async Task Changed_code_and_a_changed_flow_are_taken_up_while_every_request_is_answered()
    {
        WriteExecutor("one");
        await using var flow = await StartAsync(Reloading);
        using var stop = new CancellationTokenSource();
        var asking = Enumerable.Range(0, 3).Select(_ => AskOnAsync(flow, stop.Token)).ToList();
        await AnsweredAsync("I one");

        WriteExecutor("two");
        await AnsweredAsync("I two");

        WriteExecutor("three\" + nonsense + \"");
        await flow.LoggedAsync("CS0103");
        Assert.Matches(@"Say\.cs:8:\d+: CS0103: The name 'nonsense' does not exist", flow.Log);
        Assert.Equal("I two", await AskAsync(flow));

        WriteExecutor("three");
        await AnsweredAsync("I three");

        WriteExecutor("\" + missing + \"", "More");
        _folder.File("flow.yml", $"{Reloading}  - name: more\n    uses: ./More.cs\n    replicas: 2\n");
        await flow.LoggedAsync("'missing'");
        WriteExecutor("four", "More");
        await AnsweredAsync("I three four");

        WriteExecutor("five", "More");
        await AnsweredAsync("I three five");

        _folder.File("flow.yml", Reloading);
        await AnsweredAsync("I three");

        await stop.CancelAsync();
        await Task.WhenAll(asking);
        Assert.Equal(["I one", "I two", "I three", "I three four", "I three five"], _answers.Distinct().OrderBy(answer => _answers.IndexOf(answer)));
        Assert.Equal(0, await flow.StopAsync());
    }

    [Fact]
    public async Task A_changed_project_is_built_and_taken_up_while_every_request_is_answered()
    {
        _folder.File("Say/Say.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
              <ItemGroup>
                <Using Include="FlowKit" />
                <Reference Include="FlowKit.Abstractions" HintPath="$(FlowKitHome)FlowKit.Abstractions.dll" Private="false" />
              </ItemGroup>
            </Project>
            """);
        WriteExecutor("one", "Say/Say");
        await using var flow = await StartAsync(Reloading.Replace("./Say.cs", "./Say", StringComparison.Ordinal));
        using var stop = new CancellationTokenSource();
        var asking = Enumerable.Range(0, 2).Select(_ => AskOnAsync(flow, stop.Token)).ToList();
        await AnsweredAsync("I one");

        WriteExecutor("two\" + nonsense + \"", "Say/Say");
        await flow.LoggedAsync("CS0103");
        Assert.Matches(@"Say/Say\.cs:8:\d+: CS0103: The name 'nonsense' does not exist", flow.Log);

        WriteExecutor("\" + new Word() + \"", "Say/Say");
        _folder.File("Say/Word.cs", "public sealed class Word { public override string ToString() => \"two\"; }");
        await AnsweredAsync("I two");

        await stop.CancelAsync();
        await Task.WhenAll(asking);
        Assert.Equal(["I one", "I two"], _answers.Distinct().OrderBy(answer => _answers.IndexOf(answer)));
        Assert.Equal(0, await flow.StopAsync());
    }

    [Fact]
    public async Task A_mistake_in_the_flow_is_told_with_its_place_and_a_file_that_is_away_for_a_moment_ends_nothing()
    {
        WriteExecutor("one");
        await using var flow = await StartAsync(Reloading);
        var path = Path.Combine(_folder.Path, "flow.yml");

        _folder.File("flow.yml", Reloading.Replace("./Say.cs", "./Sey.cs", StringComparison.Ordinal));
        await flow.LoggedAsync("Sey.cs");
        Assert.Contains("flow.yml:5:11: uses:", flow.Log, StringComparison.Ordinal);
        Assert.Equal("I one", await AskAsync(flow));

        File.Delete(path);
        await flow.LoggedAsync("Could not find");
        _folder.File("flow.yml", $"{Reloading}    replicas: 3\n");
        await flow.LoggedAsync("has changed and is applied");

        Assert.Equal("I one", await AskAsync(flow));
        Assert.Equal(3, (int)JsonNode.Parse(await flow.Http.GetStringAsync("/ready"))!["executors"]![0]!["replicas"]!);
    }

    [Fact]
    public async Task Without_reload_a_changed_file_changes_nothing()
    {
        WriteExecutor("one");
        await using var flow = await StartAsync(Reloading.Replace("reload: true", "name: still", StringComparison.Ordinal));

        WriteExecutor("two");
        await Task.Delay(2500);

        Assert.Equal("I one", await AskAsync(flow));
    }

    [Fact]
    public async Task Scale_changes_the_replicas_while_every_request_is_answered()
    {
        WriteExecutor("one");
        await using var flow = await StartAsync(Reloading);
        using var stop = new CancellationTokenSource();
        var asking = Enumerable.Range(0, 3).Select(_ => AskOnAsync(flow, stop.Token)).ToList();

        var up = await FlowKitCommand.RunAsync("scale", "say", "3", "--url", flow.Address);
        var ready = JsonNode.Parse(await flow.Http.GetStringAsync("/ready"))!;
        var down = await FlowKitCommand.RunAsync("scale", "say", "1", "--url", flow.Address);
        var unknown = await FlowKitCommand.RunAsync("scale", "sey", "2", "--url", flow.Address);
        await stop.CancelAsync();
        await Task.WhenAll(asking);

        Assert.Equal((0, "say: 3 replicas"), (up.ExitCode, up.Output.Trim()));
        Assert.Equal(3, (int)ready["executors"]![0]!["ready"]!);
        Assert.Equal((0, "say: 1 replica"), (down.ExitCode, down.Output.Trim()));
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("did you mean 'say'?", unknown.Errors, StringComparison.Ordinal);
    }
}
