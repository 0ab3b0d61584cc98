using System.Text.Json.Nodes;
using FlowKit.Components;
using FlowKit.Configuration;
using FlowKit.Runtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowKit.Executors.Tests;

/// <summary>A running flow of these executors, its files in a folder of its own.</summary>
internal sealed class TestFlow : IAsyncDisposable
{
    private static readonly ComponentCatalog s_catalog = ComponentCatalog.Scan(
        typeof(ClipEncoder).Assembly, typeof(ZeroShotClassifierExecutor).Assembly, typeof(ClipImageEncoder).Assembly, typeof(ClipTextEncoder).Assembly, typeof(ClipRanker).Assembly, typeof(ImageDecoderExecutor).Assembly, typeof(VectorIndexer).Assembly, typeof(PgVectorIndexer).Assembly);

    private readonly FlowRuntime _runtime;
    private readonly TestFolder _folder;

    private TestFlow(FlowRuntime runtime, TestFolder folder) => (_runtime, _folder) = (runtime, folder);

    public IReadOnlyList<FlowKit.Runtime.Executors.PoolHealth> Health => [.. _runtime.Health];

    /// <param name="executors">The entries of <c>executors:</c>, as YAML without indentation.</param>
    /// <param name="baseDirectory">Where relative paths of the flow start.</param>
    public static async Task<TestFlow> StartAsync(string executors, string? baseDirectory = null)
    {
        var folder = new TestFolder();
        try
        {
            var config = FlowConfigReader.ReadText($"jtype: Flow\nexecutors:\n{executors}", "flow.yml", new FlowReadOptions { BaseDirectory = baseDirectory ?? folder.Path });
            var host = new FlowHost(s_catalog, NullLoggerFactory.Instance, TimeProvider.System, folder.Path);
            return new TestFlow(await FlowRuntime.StartAsync(config, host, CancellationToken.None), folder);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public Task<FlowResponse> ReplyAsync(string endpoint, IEnumerable<Document> documents, string parameters = "{}", CancellationToken cancellationToken = default) =>
        _runtime.SendAsync(new FlowRequest(endpoint, new DocumentArray(documents)) { Parameters = new Parameters(JsonNode.Parse(parameters)!.AsObject()) }, cancellationToken);

    /// <summary>Sends a request that must not fail as a whole.</summary>
    public async Task<DocumentArray> SendAsync(string endpoint, IEnumerable<Document> documents, string parameters = "{}")
    {
        var reply = await ReplyAsync(endpoint, documents, parameters);
        Assert.Null(reply.Error);
        return reply.Documents;
    }

    public async ValueTask DisposeAsync()
    {
        await _runtime.DisposeAsync();
        _folder.Dispose();
    }
}
