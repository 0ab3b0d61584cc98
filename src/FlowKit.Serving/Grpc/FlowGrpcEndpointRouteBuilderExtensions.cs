using FlowKit.Configuration.Flow;
using FlowKit.Runtime;
using FlowKit.Serving.Dispatch;
using FlowKit.Serving.Gateway.Grpc;
using FlowKit.Serving.Gateway.Queue;
using FlowKit.Serving.Worker;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Grpc;

/// <summary>Maps the gRPC services of flows.</summary>
public static class FlowGrpcEndpointRouteBuilderExtensions
{
    /// <summary>Maps Jina's gateway services before a flow, with health and reflection.</summary>
    /// <param name="endpoints">Where to.</param>
    /// <param name="flow">The running flow.</param>
    /// <param name="config">The flow's configuration; <c>gateway</c> says how calls are limited, compressed and read.</param>
    /// <returns>Conventions of all endpoints: where several flows speak gRPC, <c>RequireHost</c> tells them apart.</returns>
    /// <exception cref="InvalidOperationException">
    /// <see cref="FlowGrpcServiceCollectionExtensions.AddFlowGrpc"/> was not called, or the flow has a queue (<c>gateway.queue</c>), which
    /// a whole gateway connects.
    /// </exception>
    public static IEndpointConventionBuilder MapFlowGrpc(this IEndpointRouteBuilder endpoints, FlowRuntime flow, FlowConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.Gateway.Queue is null
            ? endpoints.MapFlowGrpc(flow, config, queue: null)
            : throw new InvalidOperationException("The flow has a queue (gateway.queue): map all of its gateway with app.MapFlow().");
    }

    /// <summary>Maps Jina's gateway services before a flow and its queue.</summary>
    internal static IEndpointConventionBuilder MapFlowGrpc(
        this IEndpointRouteBuilder endpoints, FlowRuntime flow, FlowConfig config, RequestQueue? queue)
    {
        return endpoints.MapMethods(GrpcLimits.Of(config.Gateway), binder =>
        {
            var dispatcher = new FlowDispatcher(flow, config.Gateway, Loggers(endpoints).CreateLogger<FlowDispatcher>(), queue);
            new GrpcGateway(flow, config.Gateway, new FlowCalls(flow, dispatcher)).AddTo(binder);
        });
    }

    /// <summary>Maps the services of one executor, for a gateway elsewhere: FlowKit's or Jina's.</summary>
    /// <param name="endpoints">Where to.</param>
    /// <param name="flow">A running flow of one executor.</param>
    /// <param name="config">Its configuration.</param>
    /// <returns>Conventions of all endpoints.</returns>
    /// <exception cref="InvalidOperationException">
    /// <see cref="FlowGrpcServiceCollectionExtensions.AddFlowGrpc"/> was not called.
    /// </exception>
    public static IEndpointConventionBuilder MapWorkerGrpc(this IEndpointRouteBuilder endpoints, FlowRuntime flow, FlowConfig config) =>
        endpoints.MapWorkerGrpc(flow, config, metrics: null);

    /// <summary>Maps them, with what the worker measures itself.</summary>
    internal static IEndpointConventionBuilder MapWorkerGrpc(
        this IEndpointRouteBuilder endpoints, FlowRuntime flow, FlowConfig config, ReadMetrics? metrics)
    {
        ArgumentNullException.ThrowIfNull(config);
        return endpoints.MapMethods(GrpcLimits.Of(config.Gateway), binder =>
            new WorkerService(flow, config, WorkerCalls.Of(flow, config, Loggers(endpoints)), metrics).AddTo(binder));
    }

    /// <summary>Maps methods that are bound by hand.</summary>
    internal static IEndpointConventionBuilder MapMethods(
        this IEndpointRouteBuilder endpoints, GrpcLimits limits, Action<GrpcMethodBinder> bind)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var source = endpoints.ServiceProvider.GetService<GrpcMethodSource>()
            ?? throw new InvalidOperationException(
                "The services of gRPC are missing: call services.AddFlowGrpc() before the host is built.");
        return source.Map(endpoints, limits, bind);
    }

    private static ILoggerFactory Loggers(IEndpointRouteBuilder endpoints) =>
        endpoints.ServiceProvider.GetRequiredService<ILoggerFactory>();
}
