using System.Diagnostics;
using FlowKit.Client;
using FlowKit.Components;
using FlowKit.Configuration;
using FlowKit.Orchestration.Devices;
using FlowKit.Runtime;
using FlowKit.Serving.Gateway;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowKit.Benchmarks;

/// <summary>A flow behind its real HTTP gateway, with a client.</summary>
internal sealed class ServedFlow : IAsyncDisposable
{
    private readonly FlowRuntime _flow;
    private readonly GatewayHost _gateway;
    private readonly string _workspace;

    private ServedFlow(FlowRuntime flow, GatewayHost gateway, string workspace)
    {
        (_flow, _gateway, _workspace) = (flow, gateway, workspace);
        Client = new FlowClient(gateway.Address.ToString());
    }

    internal FlowClient Client { get; }

    internal static async Task<ServedFlow> StartAsync(string yaml)
    {
        var config = FlowConfigReader.ReadText(yaml, "bench.yml");
        var workspace = Directory.CreateTempSubdirectory("flowkit-bench-").FullName;
        var host = new FlowHost(ComponentCatalog.ScanApplication(), NullLoggerFactory.Instance, TimeProvider.System, workspace) { Devices = new GpuPlanner() };
        var flow = await FlowRuntime.StartAsync(config, host, CancellationToken.None);
        return new ServedFlow(flow, await GatewayHost.StartAsync(flow, config, NullLoggerFactory.Instance, CancellationToken.None), workspace);
    }

    /// <summary>Photographs in, embeddings out: two replicas of one thread each.</summary>
    /// <param name="model">The model's folder.</param>
    /// <param name="batch">How many pictures a run of the model takes.</param>
    internal static Task<ServedFlow> OfPhotosAsync(string model, int batch) => StartAsync($$"""
        jtype: Flow
        gateway: {port: 0}
        executors:
          - name: encoder
            uses: ClipImageEncoder
            replicas: 2
            uses_with: {model: '{{model}}', batch_size: {{batch}}, threads: 1, drop_image_content: true}
        """);

    /// <summary>Documents per second through <c>/encode</c>, each of which must come back with its embedding.</summary>
    internal async Task<double> EncodeAsync(IEnumerable<Document> documents, int requestSize, int prefetch)
    {
        var (watch, count) = (Stopwatch.StartNew(), 0);
        await foreach (var reply in Client.PostAsync("/encode", documents.ToAsyncEnumerable(), new PostOptions { RequestSize = requestSize, Prefetch = prefetch }))
        {
            if (reply.Status is not null || reply.Documents.Any(static document => document.Embedding is not { Length: RandomClip.Output }))
            {
                throw new InvalidOperationException(reply.Status?.Message ?? "A document came back without its embedding.");
            }

            count += reply.Documents.Count;
        }

        return count / watch.Elapsed.TotalSeconds;
    }

    /// <summary>The same of photographs.</summary>
    internal Task<double> EncodeAsync(byte[][] photos, int requestSize) =>
        EncodeAsync(photos.Select(static (photo, i) => new Document($"p{i}") { Blob = photo }), requestSize, prefetch: 4);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _gateway.DisposeAsync();
        await _flow.DisposeAsync();
        Directory.Delete(_workspace, recursive: true);
    }
}
