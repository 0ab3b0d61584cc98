using FlowKit.Client;
using FlowKit.Components;
using FlowKit.Configuration;
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
        var host = new FlowHost(ComponentCatalog.ScanApplication(), NullLoggerFactory.Instance, TimeProvider.System, workspace);
        var flow = await FlowRuntime.StartAsync(config, host, CancellationToken.None);
        return new ServedFlow(flow, await GatewayHost.StartAsync(flow, config, NullLoggerFactory.Instance, CancellationToken.None), workspace);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _gateway.DisposeAsync();
        await _flow.DisposeAsync();
        Directory.Delete(_workspace, recursive: true);
    }
}
