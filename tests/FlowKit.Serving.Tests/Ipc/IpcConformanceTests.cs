using FlowKit.Conformance;
using FlowKit.Conformance.Protocols;
using FlowKit.Serving.Worker;
using FlowKit.TestKit;

namespace FlowKit.Serving.Ipc;

/// <summary>A worker's own connections, on a Unix socket.</summary>
[ConformanceOf(typeof(IpcRequestHandler))]
[Collection(nameof(TestIpc))]
public sealed class IpcConformanceTests : WorkerProtocolSuite
{
    protected override async Task<ProtocolServer> ServeAsync(string executor, string gateway, TestFlowOptions options) =>
        new Server(await TestIpc.StartAsync(executor, $"port: 0{gateway}", options));

    private sealed class Server(TestIpc ipc) : ProtocolServer
    {
        public override TestFlow Flow => ipc.Flow;

        public override IProtocolCaller Connect() => new WorkerCaller(ipc.Client());

        public override Task StopAsync() => ipc.Host.StopAsync(CancellationToken.None);

        public override ValueTask DisposeAsync() => ipc.DisposeAsync();
    }
}
