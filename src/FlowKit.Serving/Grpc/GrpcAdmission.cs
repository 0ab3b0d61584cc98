using FlowKit.Runtime;

namespace FlowKit.Serving.Grpc;

/// <summary>Marks an endpoint whose every call is one request to a flow, let in or refused before anything of it is read.</summary>
/// <param name="Flow">The flow.</param>
internal sealed record GrpcAdmission(FlowRuntime Flow);
