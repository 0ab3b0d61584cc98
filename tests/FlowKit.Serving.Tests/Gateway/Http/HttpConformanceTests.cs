using FlowKit.Conformance;
using FlowKit.Conformance.Protocols;

namespace FlowKit.Serving.Gateway.Http;

/// <summary>Jina's JSON over HTTP.</summary>
[ConformanceOf(typeof(HttpGateway))]
public sealed class HttpConformanceTests : GatewayProtocolSuite
{
    protected override string Scheme => "http";
}
