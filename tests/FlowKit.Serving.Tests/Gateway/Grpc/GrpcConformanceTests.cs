using FlowKit.Conformance;
using FlowKit.Conformance.Protocols;

namespace FlowKit.Serving.Gateway.Grpc;

/// <summary>Jina's gRPC of a gateway.</summary>
[ConformanceOf(typeof(GrpcGateway))]
public sealed class GrpcConformanceTests : GatewayProtocolSuite
{
    protected override string Keys => ", protocol: grpc";

    protected override string Scheme => "grpc";
}
