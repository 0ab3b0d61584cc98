using FlowKit.Components;
using FlowKit.Configuration;
using FlowKit.Runtime;
using FlowKit.Serving.Gateway.Grpc;
using FlowKit.Serving.Grpc;
using FlowKit.Wire;
using FlowKit.Wire.Grpc;
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
        var calls = new WorkerCalls(flow, config.Executors[0].Name, new FlowCalls(flow, config.Gateway, loggers.CreateLogger<FlowCalls>()));
        new GrpcGateway(flow, config.Gateway, calls).AddTo(server);
        server.Add(JinaDocumentMethods.Of(JinaDocumentMethods.DialectOf(config.Gateway.DocArrayVersion)).ProcessData, new WorkerService(flow, calls).ProcessAsync);
        new WorkerSnapshots(flow).AddTo(server);
        GrpcPort.Use(app, server);
    }

    /// <summary>The parts of several executors as one request; its header is that of the first.</summary>
    private async Task ProcessAsync(GrpcServerCall<JinaMessageList, JinaMessage> call)
    {
        if (!flow.TryAdmit(out var permit, out var refusal))
        {
            throw FlowCalls.Refused(refusal);
        }

        using var place = permit;
        var parts = await call.ReadSingleAsync();
        if (parts.Requests is not [var first, ..])
        {
            throw new GrpcException(GrpcStatusCode.InvalidArgument, "requests: at least one part is expected.");
        }

        var matrix = new PartMatrix([.. parts.Requests.Select(NameOf)], [.. parts.Requests.Select(part => part.Documents)]);
        first.Documents = new DocumentArray(matrix.Parts.SelectMany(documents => documents));
        var message = new JinaMessage(first, parts.Dialect);
        var reply = flow.Answers(first.ExecEndpoint)
            ? await flow.SendAsync(calls.CallOf(first, call) with { Parts = matrix }, permit, call.CancellationToken)
            : new FlowReply(first.Documents, null, [], null);
        calls.Note(first.ExecEndpoint, reply.Error);
        if (reply.Error is { } error && !FlowCalls.IsAnswer(error))
        {
            throw FlowCalls.Refused(error);
        }

        call.Answer(calls.Answer(message, reply, call));
    }

    /// <summary>Where a part comes from: the last executor that it was at.</summary>
    private static string NameOf(DataRequest part) => part.Routes.Count > 0 ? part.Routes[^1].Executor : "gateway";
}
