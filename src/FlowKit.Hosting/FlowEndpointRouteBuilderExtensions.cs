using FlowKit.Hosting;
using FlowKit.Hosting.Services;
using FlowKit.Serving.Gateway;
using FlowKit.Serving.Gateway.Http.Description;
using FlowKit.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps flows into ASP.NET Core applications.</summary>
public static partial class FlowEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps every route of a flow: Jina's HTTP routes, its WebSockets, its page and its description, its gRPC services, and the routes of
    /// <c>gateway.compat</c>. What is said of the
    /// group (<c>RequireAuthorization</c>, <c>RequireCors</c>, <c>RequireRateLimiting</c>, <c>RequireHost</c>) counts for all of them.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="prefix">Where: the path before every route.</param>
    /// <param name="name">The flow's name; by default the one without a name, or the only one.</param>
    /// <exception cref="InvalidOperationException">No such flow is added.</exception>
    /// <exception cref="FlowKit.Configuration.Diagnostics.FlowConfigException">The flow is not valid.</exception>
    public static RouteGroupBuilder MapFlow(this IEndpointRouteBuilder endpoints, string prefix = "", string? name = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var services = endpoints.ServiceProvider;
        var registry = services.GetService<FlowRegistry>()
            ?? throw new InvalidOperationException("No flow is added; call builder.Services.AddFlow(\"flow.yml\") before app.MapFlow().");
        var registration = registry.Find(name);
        var flow = services.GetRequiredKeyedService<Flow>(registration.Name);
        var loggers = services.GetRequiredService<ILoggerFactory>();
        if (flow.Config.Gateway.Cors)
        {
            Log.CorsUnused(loggers.CreateLogger<Flow>(), flow.Config.Path);
        }

        var gateway = new GatewayEndpoints(flow.Runtime, flow.Config, new GatewayLimits(), loggers);
        var group = endpoints.MapGroup(prefix.TrimEnd('/'));
        group.WithMetadata(new DescribedIn(registration.DocumentName), new RequestSize(flow.Config.Gateway.MaxRequestBytes));
        var pipeline = Pipeline(endpoints, gateway);
        ((IEndpointConventionBuilder)group).Finally(endpoint => Wrap(endpoint, pipeline));
        gateway.Map(group, registration.DocumentName);
        gateway.MapGrpc(group);
        return group;
    }

    /// <summary>The gateway's own middleware, which runs the endpoint at its end.</summary>
    private static RequestDelegate Pipeline(IEndpointRouteBuilder endpoints, GatewayEndpoints gateway)
    {
        var app = endpoints.CreateApplicationBuilder();
        gateway.Use(app);
        app.Run(context => context.GetEndpoint()!.Metadata.GetRequiredMetadata<EndpointHandler>().Handler(context));
        return app.Build();
    }

    private static void Wrap(EndpointBuilder endpoint, RequestDelegate pipeline)
    {
        endpoint.Metadata.Add(new EndpointHandler(endpoint.RequestDelegate!));
        endpoint.RequestDelegate = pipeline;
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.FlowCorsUnused,
            LogLevel.Warning,
            "{Flow}: gateway.cors counts only where the flow listens itself; here use app.UseCors() and MapFlow().RequireCors()")]
        public static partial void CorsUnused(ILogger logger, string flow);
    }

    /// <summary>The handler of an endpoint, behind the gateway's middleware.</summary>
    private sealed record EndpointHandler(RequestDelegate Handler);

    /// <summary>The limit of <c>gateway.max_request_size</c>, for the server that the application has.</summary>
    private sealed record RequestSize(long? MaxRequestBodySize) : AspNetCore.Http.Metadata.IRequestSizeLimitMetadata;
}
