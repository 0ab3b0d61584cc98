using FlowKit.Runtime;
using FlowKit.Serving.Grpc;
using FlowKit.Wire;
using FlowKit.Wire.Grpc.Jina;

namespace FlowKit.Serving.Gateway.Grpc;

/// <summary>How Jina's messages become calls of a flow, and its replies messages: a gateway and a worker do it in their own ways.</summary>
internal interface IJinaCalls
{
    /// <summary>What a request asks of the flow.</summary>
    FlowCall CallOf(DataRequest request, GrpcServerCall call);

    /// <summary>Sends a request that has its place.</summary>
    Task<FlowReply> AskAsync(DataRequest request, AdmissionPermit permit, GrpcServerCall call, CancellationToken cancellationToken);

    /// <summary>The reply as a message.</summary>
    JinaMessage Answer(JinaMessage message, FlowReply reply, GrpcServerCall call);

    /// <summary>Logs what went wrong.</summary>
    void Note(string endpoint, FlowError? error);
}
