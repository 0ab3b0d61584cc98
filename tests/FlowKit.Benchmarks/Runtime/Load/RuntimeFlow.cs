using FlowKit.Components;
using FlowKit.Configuration;
using FlowKit.Configuration.Flow;
using FlowKit.Runtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowKit.Benchmarks.Runtime;

/// <summary>A flow in this process, without a gateway before it.</summary>
internal sealed class RuntimeFlow : IAsyncDisposable
{
    private readonly string _workspace;

    private RuntimeFlow(FlowRuntime runtime, FlowConfig config, string workspace) => (Runtime, Config, _workspace) = (runtime, config, workspace);

    public FlowRuntime Runtime { get; }

    public FlowConfig Config { get; }

    /// <summary>Starts a flow.</summary>
    /// <param name="yaml">The flow.</param>
    /// <param name="executors">The executors it names.</param>
    public static async Task<RuntimeFlow> StartAsync(string yaml, params Type[] executors)
    {
        var config = FlowConfigReader.ReadText(yaml, "bench.yml");
        var workspace = Directory.CreateTempSubdirectory("flowkit-bench-").FullName;
        var host = new FlowHost(ComponentCatalog.Of(executors), NullLoggerFactory.Instance, TimeProvider.System, workspace);
        return new RuntimeFlow(await FlowRuntime.StartAsync(config, host, CancellationToken.None), config, workspace);
    }

    /// <summary>Starts no-op executors one after another, with room for as many requests as the peers have.</summary>
    /// <param name="count">How many.</param>
    /// <param name="documents">How many documents a request will have.</param>
    public static Task<RuntimeFlow> ChainAsync(int count, int documents = 1) => StartAsync(
        $"""
        jtype: Flow
        executors:
        {string.Join('\n', Enumerable.Range(0, count).Select(i => $"  - {{name: e{i}, uses: NoOp, capacity: {1024 * documents}}}"))}
        """,
        typeof(NoOp));

    /// <summary>Sends a request.</summary>
    public Task<FlowResponse> SendAsync(DocumentArray documents, string endpoint = "/run") =>
        Runtime.SendAsync(new FlowRequest(endpoint, documents), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Runtime.DisposeAsync();
        Directory.Delete(_workspace, recursive: true);
    }
}
