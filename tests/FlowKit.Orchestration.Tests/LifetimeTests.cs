using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FlowKit.Orchestration.Launching;
using FlowKit.Orchestration.Launching.Containers;
using FlowKit.Specs.Running;
using FlowKit.TestKit;

namespace FlowKit.Orchestration;

/// <summary><c>flowkit run</c> with executors in processes and containers: whatever ends it, nothing is left.</summary>
public sealed class LifetimeTests : IClassFixture<EngineFixture>
{
    private const string Processes = """
        jtype: Flow
        executors:
          - name: wild
            uses: Wild
            runtime: process
            replicas: 2
        """;

    private static string Containers => $"""
        jtype: Flow
        executors:
          - name: wild
            uses: {WildFlow.Source}
            runtime: container
            {WildFlow.TimeoutReady}
          - name: text
            uses: ClipTextEncoder
            runtime: process
        """;

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("KILL")]
    public async Task No_process_is_left_after(string signal)
    {
        using var folder = new TemporaryFolder();
        await using var flow = await RunningFlow.StartAsync(folder.File("flow.yml", Processes), folder.Path);
        Assert.Equal(2, WorkerIds(flow).Length);
        Assert.Null((await PostAsync(flow, "/echo", new string('x', 1_000_000)))["header"]!["status"]);

        await EndAsync(flow, signal);

        await TestTimeout.UntilAsync(() => WorkerIds(flow).Length == 0, "the end of all workers");
        Assert.Empty(Directory.EnumerateFileSystemEntries("/dev/shm", "*flowkit*"));
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_second_signal_ends_a_flow_that_still_answers_and_its_processes_with_it(string signal, int exitCode)
    {
        using var folder = new TemporaryFolder();
        await using var flow = await RunningFlow.StartAsync(folder.File("flow.yml", Processes), folder.Path);
        var answer = PostAsync(flow, "/hang");
        await flow.AcceptedAsync();
        await FlowKitShell.RunAsync($"kill -{signal} {flow.Id}");
        await flow.LoggedAsync("Stopping: ");

        await FlowKitShell.RunAsync($"kill -{signal} {flow.Id}");

        Assert.Equal(exitCode, await flow.EndAsync());
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => answer);
        await TestTimeout.UntilAsync(() => WorkerIds(flow).Length == 0, "the end of all workers");
    }

    [Fact]
    public async Task What_the_terminal_tells_everybody_is_for_the_flow_alone()
    {
        using var folder = new TemporaryFolder();
        await using var flow = await RunningFlow.StartAsync(folder.File("flow.yml", Processes), folder.Path);
        var answer = PostAsync(flow, "/nap");
        await flow.AcceptedAsync();

        await FlowKitShell.RunAsync($"kill -INT {string.Join(' ', WorkerIds(flow))}; kill -INT {flow.Id}");

        Assert.Null((await answer)["header"]!["status"]);
        Assert.Equal(0, await flow.EndAsync());
        Assert.DoesNotContain("started again", flow.Log, StringComparison.Ordinal);
    }

    [EngineTheory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("KILL")]
    public async Task No_container_network_or_volume_is_left_after(string signal)
    {
        var before = await LeftoversAsync();
        using var folder = new TemporaryFolder();
        await using var flow = await RunningFlow.StartAsync(folder.File("flow.yml", Containers), folder.Path);
        Assert.Null((await PostAsync(flow, "/echo"))["header"]!["status"]);
        Assert.Single(await EngineFixture.ContainersAsync());

        await EndAsync(flow, signal);

        await TestTimeout.UntilAsync(() => EngineFixture.ContainersAsync().GetAwaiter().GetResult().Length == 0, "the end of all containers");
        await TestTimeout.UntilAsync(() => WorkerIds(flow).Length == 0, "the end of all workers");
        Assert.Equal(before, await LeftoversAsync());
    }

    [EngineFact]
    public async Task The_next_start_takes_away_what_not_even_the_watchdog_could()
    {
        await EngineFixture.DockerAsync("run", "--detach", "--label", $"{Sweep.OwnerLabel}=999999-1-{ProcessMark.OwnPlace}", "--label", $"{Sweep.MachineLabel}={Environment.MachineName}", "--entrypoint", "sleep", ContainerImage.Own, "600");

        await using var flow = await WildFlow.StartAsync("runtime: container");

        Assert.Single(await EngineFixture.ContainersAsync());
        Assert.Contains(flow.Logs.Lines, line => line.EndsWith("was left by a flow that was killed, and is taken away", StringComparison.Ordinal));
    }

    private static async Task EndAsync(RunningFlow flow, string signal)
    {
        await FlowKitShell.RunAsync($"kill -{signal} {flow.Id}");
        Assert.Equal(signal == "KILL" ? 137 : 0, await flow.EndAsync());
    }

    private static async Task<JsonObject> PostAsync(RunningFlow flow, string endpoint, string text = "hello")
    {
        using var response = await flow.Http.PostAsJsonAsync("/post", new JsonObject { ["execEndpoint"] = endpoint, ["data"] = new JsonArray(new JsonObject { ["text"] = text }) });
        return (await response.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    /// <summary>The processes whose command line ends as a worker's of this flow does; one that has ended has none.</summary>
    private static int[] WorkerIds(RunningFlow flow) =>
    [
        .. from folder in Directory.EnumerateDirectories("/proc")
           let id = int.TryParse(Path.GetFileName(folder), out var number) ? number : 0
           where id > 0 && CommandOf(folder).EndsWith($"--parent\0{flow.Id}\0", StringComparison.Ordinal)
           select id,
    ];

    private static string CommandOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static async Task<string> LeftoversAsync() => await EngineFixture.DockerAsync("network", "ls", "--quiet") + await EngineFixture.DockerAsync("volume", "ls", "--quiet");
}
