using FlowKit.Runtime;
using FlowKit.Serving.Dispatch;
using FlowKit.Serving.Gateway.Grpc;
using FlowKit.Serving.Grpc;
using FlowKit.Serving.Worker;
using FlowKit.Wire.Grpc;
using FlowKit.Wire.Grpc.Jina;
using FlowKit.Wire.Proto;
using Grpc.Core;

namespace FlowKit.Serving.Ipc;

/// <summary>Answers the frames of a worker's connections, as calls of gRPC are answered.</summary>
/// <param name="flow">The executor's flow.</param>
/// <param name="calls">A worker's way.</param>
/// <param name="limit">The largest request in bytes.</param>
/// <param name="time">Time.</param>
internal sealed class IpcRequestHandler(FlowRuntime flow, WorkerCalls calls, int limit, TimeProvider time) : IFlowProtocol
{
    /// <summary>The largest request in bytes.</summary>
    public int Limit => limit;

    /// <summary>Tells who sent a frame that has just come.</summary>
    public IpcCaller CallerOf(IpcFrame frame, CancellationToken gone) => new(frame.Header.Wait, time, gone);

    /// <exception cref="RpcException">It is refused.</exception>
    public async Task<JinaMessage> AnswerAsync(IpcFrame frame, IpcCaller caller)
    {
        if (frame.Body is not { } body)
        {
            throw RpcErrors.Create(
                StatusCode.ResourceExhausted, $"A message of {frame.Header.Length} bytes is larger than the limit of {limit} bytes.");
        }

        if (!flow.TryAdmit(out var permit, out var refusal))
        {
            throw GrpcErrors.Of(refusal);
        }

        using var place = permit;
        permit.Take(RequestWeight.OfProto(body.Length), "A message");
        return frame.Header.Kind == IpcFrameKind.Parts
            ? await calls.AnswerAsync(new JinaMessageList(DataRequestListCodec.Read(body), DocArrayDialect.V1), permit, caller)
            : await ((IJinaCalls)calls).AnswerAsync(new JinaMessage(DataRequestCodec.Read(body), DocArrayDialect.V1), permit, caller);
    }
}
