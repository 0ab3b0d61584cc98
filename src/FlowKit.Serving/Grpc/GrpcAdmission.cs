using FlowKit.Runtime;

namespace FlowKit.Serving.Grpc;

/// <summary>Marks an endpoint whose every call is one request to a flow, which lets it in or refuses it before anything of it is read.</summary>
/// <param name="Flow">The flow.</param>
internal sealed record GrpcAdmission(FlowRuntime Flow);
