using FlowKit.Conformance;
using FlowKit.Conformance.Protocols;

namespace FlowKit.Serving.Gateway.WebSocket;

/// <summary>Requests over one WebSocket.</summary>
[ConformanceOf(typeof(SocketGateway))]
public sealed class SocketConformanceTests : GatewayProtocolSuite
{
    protected override string Scheme => "ws";

    /// <summary>A message of Jina's has no field for it; the text of the refusal says that the flow is full.</summary>
    protected override bool TellsRetryAfter => false;

    /// <summary>As in Jina no message takes a request back: the end of the connection gives up all of its requests.</summary>
    protected override bool EndsSingleCalls => false;
}
