using FlowKit.Wire.Grpc.Jina;
using FlowKit.Wire.Protos.V1;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection;
using Alpha = Grpc.Reflection.V1Alpha;
using V1 = Grpc.Reflection.V1;

namespace FlowKit.Serving.Grpc;

/// <summary>Adds the services that tell which services there are, with their descriptions, under both of their names.</summary>
internal static class ReflectionServices
{
    private static readonly Dictionary<string, ServiceDescriptor> s_known =
        new[] { Health.Descriptor, V1.ServerReflection.Descriptor, Alpha.ServerReflection.Descriptor }
            .Concat(JinaReflection.Descriptor.Services)
            .ToDictionary(service => service.FullName, StringComparer.Ordinal);

    /// <summary>Adds them, after all others. The service that is only between a flow and its processes is not told.</summary>
    public static void AddTo(GrpcMethodBinder binder)
    {
        string[] own = [V1.ServerReflection.Descriptor.FullName, Alpha.ServerReflection.Descriptor.FullName];
        var described = binder.Services.Where(name => name != JinaDocumentMethods.OwnService).Concat(own).Order(StringComparer.Ordinal)
            .Select(name => s_known[name]).ToArray();
        V1.ServerReflection.BindService(binder, new Later(new ReflectionV1ServiceImpl(described), binder.Stopping));
        Alpha.ServerReflection.BindService(binder, new Earlier(new ReflectionServiceImpl(described), binder.Stopping));
    }

    private sealed class Later(V1.ServerReflection.ServerReflectionBase inner, CancellationToken stopping)
        : V1.ServerReflection.ServerReflectionBase
    {
        public override Task ServerReflectionInfo(
            IAsyncStreamReader<V1.ServerReflectionRequest> requestStream,
            IServerStreamWriter<V1.ServerReflectionResponse> responseStream,
            ServerCallContext context) =>
            inner.ServerReflectionInfo(new StoppableReader<V1.ServerReflectionRequest>(requestStream, stopping), responseStream, context);
    }

    private sealed class Earlier(Alpha.ServerReflection.ServerReflectionBase inner, CancellationToken stopping)
        : Alpha.ServerReflection.ServerReflectionBase
    {
        public override Task ServerReflectionInfo(
            IAsyncStreamReader<Alpha.ServerReflectionRequest> requestStream,
            IServerStreamWriter<Alpha.ServerReflectionResponse> responseStream,
            ServerCallContext context) =>
            inner.ServerReflectionInfo(
                new StoppableReader<Alpha.ServerReflectionRequest>(requestStream, stopping), responseStream, context);
    }
}
