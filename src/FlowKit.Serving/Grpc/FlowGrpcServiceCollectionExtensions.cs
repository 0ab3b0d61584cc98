using Grpc.AspNetCore.Server.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FlowKit.Serving.Grpc;

/// <summary>Registers what the gRPC services of flows need.</summary>
public static class FlowGrpcServiceCollectionExtensions
{
    /// <summary>Registers gRPC with the services of flows; a program's own services may be mapped beside them.</summary>
    /// <param name="services">The program's services.</param>
    public static IServiceCollection AddFlowGrpc(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddGrpc();
        services.TryAddSingleton<GrpcMethodSource>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IServiceMethodProvider<FlowGrpcService>, GrpcMethodSource>(Source));
        return services;
    }

    private static GrpcMethodSource Source(IServiceProvider services) => services.GetRequiredService<GrpcMethodSource>();
}
