using FlowKit.Runtime;

namespace FlowKit.Serving.Grpc;

/// <summary>
/// Marks an endpoint whose every call is one request to a flow, let in or refused before anything of it is read; or a stream of them, of
/// which each is let in by itself, and a <see cref="MemoryShare"/> pays for what is read.
/// </summary>
/// <param name="Flow">The flow.</param>
/// <param name="IsStream">Whether a call is a stream of requests.</param>
internal sealed record GrpcAdmission(FlowRuntime Flow, bool IsStream = false);
