using FlowKit.Components.Launching;
using FlowKit.Orchestration.Launching.Containers;
using FlowKit.Orchestration.Launching.Processes;
using FlowKit.Runtime;
using FlowKit.TestKit;

namespace FlowKit.Orchestration;

/// <summary>A flow of one executor that does what it should not, in a process or a container of its own.</summary>
internal sealed class WildFlow : IAsyncDisposable
{
    /// <summary>Less than a test may take, so that a start without end is told with the last lines of what was started.</summary>
    public const string TimeoutReady = "timeout_ready: 120000";

    private readonly TestFlow _flow;

    private WildFlow(TestFlow flow, CollectedLogs logs) => (_flow, Logs) = (flow, logs);

    public static string Source { get; } = Path.Combine(AppContext.BaseDirectory, "Executors", "Wild.cs");

    public static IReadOnlyList<IExecutorLauncher> Launchers => [new ProcessLauncher(), new ContainerLauncher("tests")];

    public CollectedLogs Logs { get; }

    public FlowRuntime Runtime => _flow.Runtime;

    public TestFlow Flow => _flow;

    /// <param name="keys">The entry's keys besides its name and class, in one line each.</param>
    public static Task<WildFlow> StartAsync(params string[] keys) => StartTextAsync(Text(keys));

    public static async Task<WildFlow> StartTextAsync(string text)
    {
        var logs = new CollectedLogs();
        return new WildFlow(await TestFlow.StartAsync(text, new TestFlowOptions { Executors = [typeof(Wild)], Launchers = Launchers, Loggers = logs }), logs);
    }

    public static string Text(params string[] keys) => $"""
        jtype: Flow
        executors:
          - name: wild
            uses: {(keys.Contains("runtime: container") ? Source : nameof(Wild))}
            {string.Join("\n    ", keys.Any(key => key.StartsWith("timeout_ready:", StringComparison.Ordinal)) ? keys : [TimeoutReady, .. keys])}
        """;

    public Task<FlowResponse> PostAsync(string endpoint, string text = "hello") => _flow.PostAsync(endpoint, new Document("doc") { Text = text });

    /// <summary>Its process, by its own word.</summary>
    public async Task<int> ProcessAsync() => (int)(double)(await PostAsync("/where")).Results!.Single().Value!["process"]!;

    public ValueTask DisposeAsync() => _flow.DisposeAsync();
}
