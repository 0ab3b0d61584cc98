using FlowKit.Runtime;
using FlowKit.Serving.Dispatch;
using FlowKit.Serving.Grpc;
using FlowKit.Wire;
using FlowKit.Wire.Grpc.Jina;
using Grpc.Core;

namespace FlowKit.Serving.Gateway.Grpc;

/// <summary>Makes calls of Jina's messages, and messages of a flow's replies: gateways and workers do it in their own ways.</summary>
internal interface IJinaCalls
{
    /// <summary>Makes the call that a request asks of the flow.</summary>
    FlowRequest CallOf(DataRequest request, ICaller caller);

    /// <summary>Sends a request that has its place.</summary>
    Task<FlowResponse> InvokeAsync(DataRequest request, AdmissionPermit permit, ICaller caller, CancellationToken cancellationToken);

    /// <summary>The reply as a message.</summary>
    JinaMessage Answer(JinaMessage message, FlowResponse reply, ICaller caller);

    /// <summary>The last message of a stream that has failed; <see langword="null"/> where the status of the call tells it.</summary>
    JinaMessage? EndOf(JinaMessage message, FlowError error) => null;

    /// <summary>Logs what went wrong.</summary>
    void Note(FlowRequest call, FlowError? error);

    /// <summary>Answers a request that has its place.</summary>
    /// <exception cref="RpcException">Its failure is not one that is told inside an answer.</exception>
    async Task<JinaMessage> AnswerAsync(JinaMessage message, AdmissionPermit permit, ICaller caller)
    {
        permit.Take(RequestWeight.ObjectsOf(message.Request.Documents), "The content of the message");
        var reply = FlowCalls.Check(await InvokeAsync(message.Request, permit, caller, caller.CancellationToken));
        var answer = Answer(message, reply, caller);
        permit.Take(FlowCalls.WeightOf(answer), "The reply");
        return answer;
    }
}
