using FlowKit.Serving.Gateway;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace FlowKit.Hosting.Telemetry;

/// <summary>
/// <c>GET /metrics</c>, for Prometheus. Nothing is counted before it is asked for the first time, so that a flow that nobody scrapes pays
/// nothing.
/// </summary>
internal sealed class MetricsRoute : IGatewayRoutes, IDisposable
{
    /// <summary>The path, as Prometheus asks for it by default.</summary>
    public const string Path = "/metrics";

    private readonly Lock _lock = new();
    private MeterProvider? _provider;
    private RequestDelegate? _answer;

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(Path, context => Answer(routes.ServiceProvider)(context)).ExcludeFromDescription();

    /// <inheritdoc/>
    public void Dispose() => _provider?.Dispose();

    private RequestDelegate Answer(IServiceProvider services)
    {
        lock (_lock)
        {
            return _answer ??= Start(services);
        }
    }

    private RequestDelegate Start(IServiceProvider services)
    {
        _provider = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.AddService("flowkit"))
            .AddFlowMeters()
            .AddPrometheusExporter()
            .Build();
        return new ApplicationBuilder(services).UseOpenTelemetryPrometheusScrapingEndpoint(
            _provider, static _ => true, path: null, configureBranchedPipeline: null, optionsName: null).Build();
    }
}
