using FlowKit.Configuration.Flow;
using FlowKit.Runtime;
using FlowKit.Serving.Dispatch;
using FlowKit.Serving.Gateway.Compat;
using FlowKit.Serving.Gateway.Dashboard;
using FlowKit.Serving.Gateway.Http;
using FlowKit.Serving.Gateway.Http.Description;
using FlowKit.Serving.Gateway.Queue;
using FlowKit.Serving.Gateway.Security;
using FlowKit.Serving.Gateway.WebSocket;
using FlowKit.Serving.Grpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Gateway;

/// <summary>
/// All that a gateway is besides its listeners: its services, its middleware, its routes. The same for a gateway alone and inside an
/// application.
/// </summary>
/// <param name="flow">The flow.</param>
/// <param name="config">Its configuration.</param>
/// <param name="limits">How long peers may take.</param>
/// <param name="loggers">Makes the loggers.</param>
internal sealed class GatewayEndpoints(FlowRuntime flow, FlowConfig config, GatewayLimits limits, ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly RequestQueue? _queue = config.Gateway.Queue is { } queue
        ? new RequestQueue(queue, config.Gateway.TimeoutStop, flow, limits.Time, loggers.CreateLogger<RequestQueue>())
        : null;

    /// <summary>Adds what the endpoints need of the application.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="document">The name of the flow's OpenAPI document.</param>
    /// <param name="config">Returns the flow's configuration.</param>
    public static void AddServices(IServiceCollection services, string document, Func<IServiceProvider, FlowConfig> config)
    {
        services.AddRouting();
        services.AddFlowGrpc();
        BodyCompression.Add(services);
        OpenApiDescription.Add(services, document, config);
    }

    /// <summary>
    /// Adds the middleware that stands before every endpoint, from the outside in; routing has found the endpoint before.
    /// </summary>
    /// <param name="app">Where to.</param>
    /// <param name="hosts">The names that the gateway is reached by; <see langword="null"/> where the application looks at them.</param>
    /// <param name="token">The token of this start; <see langword="null"/> where there is none.</param>
    public void Use(IApplicationBuilder app, KnownHosts? hosts = null, AdminToken? token = null)
    {
        app.UseWebSockets();
        app.UseMiddleware<HttpErrors>();
        StrictHttp.Use(app);
        hosts?.Use(app);
        SameOrigin.Use(app, config.Gateway);
        ContentTypes.Use(app);
        ApiKeyGuard.Use(app, config, limits.Time, loggers, token);
        BodyCompression.Use(app);
    }

    /// <summary>Maps the routes.</summary>
    /// <param name="routes">Where to.</param>
    /// <param name="document">The name of the flow's OpenAPI document.</param>
    public void Map(IEndpointRouteBuilder routes, string document)
    {
        var lifetime = routes.ServiceProvider.GetRequiredService<IHostApplicationLifetime>();
        var (stopping, stopped) = (lifetime.ApplicationStopping, lifetime.ApplicationStopped);
        var dispatcher = new FlowDispatcher(flow, config.Gateway, loggers.CreateLogger<FlowDispatcher>(), _queue);
        var gateway = new HttpGateway(flow, dispatcher, config.Gateway);
        var sockets = new SocketGateway(flow, dispatcher, config.Gateway, limits, stopping);
        var insight = new Insight(config.Gateway);
        HttpRoutes.Map(
            routes, gateway, sockets, new AdminGateway(flow, insight), new HealthGateway(flow.Readiness, insight), config.Gateway);
        CompatRoutes.Map(routes, flow, config);
        var pictures = new PictureRoute(flow);
        pictures.Map(routes);
        stopped.Register(pictures.Dispose);
        if (!config.Gateway.NoDebugEndpoints)
        {
            StatusRoutes.Map(
                routes,
                new FlowDrawing(flow, insight),
                new FlowEvents(flow, insight, limits.Time, stopping),
                new RequestList(flow, insight));
        }

        DashboardRoutes.Map(routes, sockets, new FlowDescription(config, flow, routes.ServiceProvider, document));
        sockets.MapConnect(routes);
        if (_queue is not null)
        {
            lifetime.ApplicationStarted.Register(_queue.Start);
            stopped.Register(() => DisposeAsync().AsTask().GetAwaiter().GetResult());
        }
    }

    /// <summary>Maps the services of gRPC.</summary>
    /// <param name="routes">Where to.</param>
    public void MapGrpc(IEndpointRouteBuilder routes) => routes.MapFlowGrpc(flow, config, _queue);

    /// <summary>Ends what connects them elsewhere, where the application has not stopped before.</summary>
    public ValueTask DisposeAsync() => _queue?.DisposeAsync() ?? ValueTask.CompletedTask;
}
