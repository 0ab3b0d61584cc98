using FlowKit.Configuration.Flow;
using FlowKit.Runtime;
using FlowKit.Serving.Dispatch;
using FlowKit.Serving.Gateway.Grpc;
using FlowKit.Serving.Grpc;
using FlowKit.Wire.Grpc;
using FlowKit.Wire.Grpc.Jina;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace FlowKit.Serving.Worker;

/// <summary>The services of one executor behind a gateway elsewhere.</summary>
internal sealed class WorkerService(FlowRuntime flow, FlowConfig config, WorkerCalls calls, ReadMetrics? metrics) : IFlowProtocol
{
    /// <summary>Adds them.</summary>
    /// <param name="binder">Where to; nothing is added after them.</param>
    public void AddTo(GrpcMethodBinder binder)
    {
        binder.Admission = new GrpcAdmission(flow);
        binder.AddUnary(JinaDocumentMethods.Of(JinaDocumentMethods.DialectOf(config.Gateway.DocArrayVersion)).ProcessData, ProcessAsync);
        var gateway = new GrpcGateway(flow, config.Gateway, calls);
        binder.AddMethod(
            JinaDocumentMethods.Of(JinaDocumentMethods.DialectOf(config.Gateway.DocArrayVersion)).StreamData, gateway.StreamAsync);
        binder.Admission = null;
        new WorkerSnapshots(flow, binder.Stopping).AddTo(binder);
        if (metrics is not null)
        {
            binder.AddUnary(WorkerMethods.Metrics, async (accepted, call) =>
                new StringValue { Value = await metrics(accepted.Value, call.CancellationToken) });
        }

        gateway.AddTo(binder);
    }

    /// <summary>The parts of several executors as one request.</summary>
    private async Task<JinaMessage> ProcessAsync(JinaMessageList parts, ServerCallContext call)
    {
        var caller = new GrpcCaller(call);
        return await calls.AnswerAsync(parts, caller.Permit, caller);
    }
}
