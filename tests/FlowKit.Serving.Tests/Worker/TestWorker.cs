using FlowKit.TestKit;
using FlowKit.Wire.Grpc.Client;

namespace FlowKit.Serving.Worker;

/// <summary>One executor behind a real worker on a free port.</summary>
internal sealed class TestWorker : IAsyncDisposable
{
    private readonly WorkerHost _host;
    private bool _isDisposed;

    private TestWorker(TestFlow flow, WorkerHost host)
    {
        (Flow, _host) = (flow, host);
        Channel = new GrpcConnection(host.Address);
    }

    public TestFlow Flow { get; }

    public GrpcConnection Channel { get; }

    public int Port => _host.Address.Port;

    /// <param name="executor">The entry in braces, without them.</param>
    /// <param name="options">How its flow runs.</param>
    /// <param name="gateway">Settings of the listener.</param>
    public static async Task<TestWorker> StartAsync(string executor, TestFlowOptions options, string gateway = "port: 0")
    {
        var flow = await TestFlow.StartAsync($"jtype: Flow\nexecutors:\n  - {{{executor}}}\ngateway: {{protocol: grpc, {gateway}}}\n", options);
        return new TestWorker(flow, await WorkerHost.StartAsync(flow.Runtime, flow.Config, options.Loggers, CancellationToken.None));
    }

    /// <summary>Stops as a program does: what was accepted is answered.</summary>
    public Task StopAsync() => _host.StopAsync(CancellationToken.None);

    /// <summary>Safe to call again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        Channel.Dispose();
        await _host.StopAsync(new CancellationToken(canceled: true));
        await _host.DisposeAsync();
        await Flow.DisposeAsync();
    }
}
