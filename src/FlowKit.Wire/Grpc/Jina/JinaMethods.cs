using FlowKit.Wire.Protos.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace FlowKit.Wire.Grpc.Jina;

/// <summary>The methods of Jina's wire that carry no documents; those that do are <see cref="JinaDocumentMethods"/>.</summary>
internal static class JinaMethods
{
    /// <summary>Lists the endpoints.</summary>
    public static readonly Method<Empty, EndpointsProto> EndpointDiscovery =
        Unary<Empty, EndpointsProto>("jina.JinaDiscoverEndpointsRPC", "endpoint_discovery");

    /// <summary>An empty document through everything.</summary>
    public static readonly Method<Empty, StatusProto> DryRun = Unary<Empty, StatusProto>("jina.JinaGatewayDryRunRPC", "dry_run");

    /// <summary>Versions.</summary>
    public static readonly Method<Empty, JinaInfoProto> Status = Unary<Empty, JinaInfoProto>("jina.JinaInfoRPC", "_status");

    /// <summary>A method that takes one control message and answers with one.</summary>
    /// <param name="service">The service with its package.</param>
    /// <param name="name">The method.</param>
    public static Method<TRequest, TResponse> Unary<TRequest, TResponse>(string service, string name)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        new(
            MethodType.Unary,
            service,
            name,
            ProtobufMarshaller<TRequest>.Instance.ForRequests(),
            ProtobufMarshaller<TResponse>.Instance.ForReplies());
}
