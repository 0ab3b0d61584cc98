using FlowKit.Runtime;
using FlowKit.Serving.Dispatch;
using FlowKit.Serving.Grpc;
using FlowKit.Wire;
using FlowKit.Wire.Grpc.Jina;
using Grpc.Core;

namespace FlowKit.Serving.Gateway.Grpc;

/// <summary>Turns Jina's messages into calls of the flow, and its replies into messages or into the status of a gRPC call.</summary>
internal sealed class FlowCalls(FlowRuntime flow, FlowDispatcher dispatcher) : IJinaCalls
{
    /// <summary>Passes on what is told inside a reply.</summary>
    /// <exception cref="RpcException">The failure ends the call instead.</exception>
    public static FlowResponse Check(FlowResponse reply) =>
        reply.Error is { } error && !FlowDispatcher.IsAnswer(error) ? throw GrpcErrors.Of(error) : reply;

    /// <summary>The reply under the request's own id.</summary>
    public JinaMessage Answer(JinaMessage message, FlowResponse reply, ICaller caller)
    {
        var id = message.Request.RequestId;
        var answer = FlowDispatcher.Answer(message.Request, reply, string.IsNullOrEmpty(id) ? null : id);
        answer.AlwaysWritten |= DataRequestFields.Documents;
        return new JinaMessage(answer, message.Dialect);
    }

    /// <summary>Sends a request that has its place.</summary>
    public Task<FlowResponse> InvokeAsync(
        DataRequest request, AdmissionPermit permit, ICaller caller, CancellationToken cancellationToken) =>
        dispatcher.SendAsync(request, CallOf(request, caller), permit, cancellationToken);

    /// <summary>The shorter of the caller's and the gateway's own limit counts.</summary>
    public FlowRequest CallOf(DataRequest request, ICaller caller)
    {
        var left = caller.TimeLeft;
        return dispatcher.RequestOf(request, caller.Holder, caller.Priority, left > flow.TimeoutSend ? flow.TimeoutSend : left);
    }

    public void Note(FlowRequest call, FlowError? error) => dispatcher.Note(call, error);
}
