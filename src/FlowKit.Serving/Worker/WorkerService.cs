using FlowKit.Configuration.Flow;
using FlowKit.Runtime;
using FlowKit.Serving.Gateway.Grpc;
using FlowKit.Serving.Grpc;
using FlowKit.Wire.Grpc.Jina;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Worker;

/// <summary>The services of one executor behind a gateway elsewhere.</summary>
internal sealed class WorkerService(FlowRuntime flow, WorkerCalls calls)
{
    public static void Use(IApplicationBuilder app, FlowRuntime flow, FlowConfig config, ILoggerFactory loggers)
    {
        var server = GrpcServer.Of(app, config.Gateway, loggers);
        var calls = WorkerCalls.Of(flow, config, loggers);
        new GrpcGateway(flow, config.Gateway, calls).AddTo(server);
        server.Add(JinaDocumentMethods.Of(JinaDocumentMethods.DialectOf(config.Gateway.DocArrayVersion)).ProcessData, new WorkerService(flow, calls).ProcessAsync);
        new WorkerSnapshots(flow).AddTo(server);
        GrpcPort.Use(app, server);
    }

    /// <summary>The parts of several executors as one request.</summary>
    private async Task ProcessAsync(GrpcServerCall<JinaMessageList, JinaMessage> call)
    {
        if (!flow.TryAdmit(out var permit, out var refusal))
        {
            throw FlowCalls.Refused(refusal);
        }

        using var place = permit;
        call.Answer(await calls.AnswerAsync(await call.ReadSingleAsync(), permit, call));
    }
}
