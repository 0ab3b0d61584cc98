using FlowKit.Conformance;
using FlowKit.Conformance.Protocols;
using FlowKit.TestKit;

namespace FlowKit.Serving.Worker;

/// <summary>Jina's gRPC of a worker.</summary>
[ConformanceOf(typeof(WorkerService))]
public sealed class WorkerConformanceTests : WorkerProtocolSuite
{
    protected override async Task<ProtocolServer> ServeAsync(string executor, string gateway, TestFlowOptions options) =>
        new Server(await TestWorker.StartAsync(executor, options, $"port: 0{gateway}"));

    private sealed class Server(TestWorker worker) : ProtocolServer
    {
        public override TestFlow Flow => worker.Flow;

        public override IProtocolCaller Connect() =>
            new WorkerCaller(new Remote.WorkerClient("a", new Uri($"http://127.0.0.1:{worker.Port}"), null));

        public override Task StopAsync() => worker.StopAsync();

        public override ValueTask DisposeAsync() => worker.DisposeAsync();
    }
}
