using FlowKit.Configuration.Gateway;
using FlowKit.Runtime;
using FlowKit.Serving.Grpc;
using FlowKit.Telemetry;
using FlowKit.Wire;
using FlowKit.Wire.Grpc.Jina;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Gateway.Grpc;

/// <summary>Turns Jina's messages into calls of the flow, and its replies into messages or into the status of a gRPC call.</summary>
internal sealed partial class FlowCalls(FlowRuntime flow, GatewayConfig config, ILogger<FlowCalls> logger) : IJinaCalls
{
    /// <summary>Returns whether a failure is told inside the reply, as what an executor throws is; any other ends the gRPC call.</summary>
    public static bool IsAnswer(FlowError error) =>
        error is { Executor: not null, Code: not (FlowErrorCode.Unavailable or FlowErrorCode.DeadlineExceeded) };

    /// <summary>Passes on what is told inside a reply.</summary>
    /// <exception cref="RpcException">The failure ends the call instead.</exception>
    public static FlowReply Check(FlowReply reply) => reply.Error is { } error && !IsAnswer(error) ? throw GrpcErrors.Of(error) : reply;

    /// <summary>The reply under the request's own id.</summary>
    public JinaMessage Answer(JinaMessage message, FlowReply reply, ICaller caller)
    {
        var id = message.Request.RequestId;
        var envelope = ReplyEnvelope.Of(message.Request, reply, string.IsNullOrEmpty(id) ? null : id);
        envelope.AlwaysWritten |= DataRequestFields.Documents;
        return new JinaMessage(envelope, message.Dialect);
    }

    /// <summary>Sends a request that has its place.</summary>
    public async Task<FlowReply> AskAsync(DataRequest request, AdmissionPermit permit, ICaller caller, CancellationToken cancellationToken)
    {
        if (!flow.Answers(request.ExecEndpoint))
        {
            return new FlowReply(request.Documents, ReplyEnvelope.UnknownEndpoint(flow, request.ExecEndpoint, config.Strict), [], null);
        }

        var reply = await flow.SendAsync(CallOf(request, caller), permit, cancellationToken);
        Note(request.ExecEndpoint, reply.Error);
        return reply;
    }

    /// <summary>The shorter of the caller's and the gateway's own limit counts.</summary>
    public FlowCall CallOf(DataRequest request, ICaller caller) => new(request.ExecEndpoint, request.Documents)
    {
        AcceptsFormat = request.Format,
        Parameters = request.Parameters,
        TargetExecutor = request.TargetExecutor,
        Priority = caller.Priority,
        Timeout = caller.TimeLeft is { } left && flow.TimeoutSend is { } own ? (left < own ? left : own) : caller.TimeLeft,
    };

    public void Note(string endpoint, FlowError? error)
    {
        if (error is { Code: not FlowErrorCode.Cancelled })
        {
            Log.RequestFailed(logger, endpoint, error.Executor ?? "gateway", error.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.GrpcRequestFailed, LogLevel.Warning, "{Endpoint} failed in {Executor}: {Message}")]
        public static partial void RequestFailed(ILogger logger, string endpoint, string executor, string message);
    }
}
