using FlowKit.Wire.Protos.Health.V1;
using FlowKit.Wire.Protos.Reflection.V1;
using FlowKit.Wire.Protos.V1;
using Google.Protobuf.WellKnownTypes;

namespace FlowKit.Wire.Grpc.Jina;

/// <summary>The methods of Jina's wire that carry no documents; those that do are <see cref="JinaDocumentMethods"/>.</summary>
internal static class JinaMethods
{
    /// <summary>Which endpoints there are.</summary>
    public static readonly GrpcMethod<Empty, EndpointsProto> EndpointDiscovery = Of<Empty, EndpointsProto>("jina.JinaDiscoverEndpointsRPC", "endpoint_discovery");

    /// <summary>An empty document through everything.</summary>
    public static readonly GrpcMethod<Empty, StatusProto> DryRun = Of<Empty, StatusProto>("jina.JinaGatewayDryRunRPC", "dry_run");

    /// <summary>Versions.</summary>
    public static readonly GrpcMethod<Empty, JinaInfoProto> Status = Of<Empty, JinaInfoProto>("jina.JinaInfoRPC", "_status");

    /// <summary>Whether a service serves now.</summary>
    public static readonly GrpcMethod<HealthCheckRequest, HealthCheckResponse> HealthCheck = Of<HealthCheckRequest, HealthCheckResponse>("grpc.health.v1.Health", "Check");

    /// <summary>Whether a service serves, each time that changes.</summary>
    public static readonly GrpcMethod<HealthCheckRequest, HealthCheckResponse> HealthWatch = Of<HealthCheckRequest, HealthCheckResponse>("grpc.health.v1.Health", "Watch");

    /// <summary>Which services there are, as Jina asks.</summary>
    public static readonly GrpcMethod<ServerReflectionRequest, ServerReflectionResponse> ReflectionAlpha = Reflect("grpc.reflection.v1alpha.ServerReflection");

    /// <summary>The same with the same messages under its later name.</summary>
    public static readonly GrpcMethod<ServerReflectionRequest, ServerReflectionResponse> Reflection = Reflect("grpc.reflection.v1.ServerReflection");

    private static GrpcMethod<ServerReflectionRequest, ServerReflectionResponse> Reflect(string service) => Of<ServerReflectionRequest, ServerReflectionResponse>(service, "ServerReflectionInfo");

    private static GrpcMethod<TRequest, TResponse> Of<TRequest, TResponse>(string service, string name)
        where TRequest : Google.Protobuf.IMessage<TRequest>, new()
        where TResponse : Google.Protobuf.IMessage<TResponse>, new() =>
        new(service, name, ProtobufMarshaller<TRequest>.Instance, ProtobufMarshaller<TResponse>.Instance);
}
