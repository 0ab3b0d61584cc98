using FlowKit.Conformance;
using FlowKit.Conformance.Protocols;
using FlowKit.Serving.Gateway.Grpc;

namespace FlowKit.Serving.Gateway.SharedPorts;

/// <summary>Jina's gRPC on the port of a gateway that names no protocol, which speaks HTTP too.</summary>
[ConformanceOf(typeof(GrpcGateway))]
public sealed class SharedPortConformanceTests : GatewayProtocolSuite
{
    protected override string Scheme => "grpc";
}
