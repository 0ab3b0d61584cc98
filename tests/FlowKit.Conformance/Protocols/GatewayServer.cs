using FlowKit.Serving.Gateway;
using FlowKit.TestKit;

namespace FlowKit.Conformance.Protocols;

/// <summary>A flow behind a real gateway on a free port.</summary>
internal sealed class GatewayServer : ProtocolServer
{
    private readonly GatewayHost _host;
    private readonly string _scheme;

    private GatewayServer(TestFlow flow, GatewayHost host, string scheme) => (Flow, _host, _scheme) = (flow, host, scheme);

    public override TestFlow Flow { get; }

    public static async Task<ProtocolServer> StartAsync(string yaml, string scheme, TestFlowOptions options)
    {
        var flow = await TestFlow.StartAsync(yaml, options);
        try
        {
            return new GatewayServer(flow, await GatewayHost.StartAsync(flow.Runtime, flow.Config, options.Loggers, CancellationToken.None), scheme);
        }
        catch
        {
            await flow.DisposeAsync();
            throw;
        }
    }

    public override IProtocolCaller Connect() => new ClientCaller(new UriBuilder(_host.Address) { Scheme = _scheme }.Uri.ToString());

    public override Task StopAsync() => _host.StopAsync(CancellationToken.None);

    public override async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await Flow.DisposeAsync();
    }
}
