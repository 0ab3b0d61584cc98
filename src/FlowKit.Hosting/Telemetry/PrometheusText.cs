using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace FlowKit.Hosting.Telemetry;

/// <summary>
/// The metrics of this process as text for Prometheus. Nothing is counted before they are read for the first time, so that a flow that
/// nobody scrapes pays nothing.
/// </summary>
/// <param name="service">The name under which the process tells of itself.</param>
/// <param name="add">Says what is measured.</param>
internal sealed class PrometheusText(string service, Func<MeterProviderBuilder, MeterProviderBuilder> add) : IDisposable
{
    private readonly Lock _lock = new();
    private MeterProvider? _provider;
    private RequestDelegate? _answer;

    /// <summary>Reads them.</summary>
    /// <param name="services">The services of the program that is asked.</param>
    /// <param name="accepted">The forms that are wanted, as <c>Accept</c> names them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<(string? ContentType, string Text)> ReadAsync(
        IServiceProvider services, string accepted, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = services, RequestAborted = cancellationToken };
        context.Request.Method = HttpMethods.Get;
        context.Request.Headers.Accept = accepted;
        context.Response.Body = body;
        await Answer(services)(context);
        return (context.Response.ContentType, Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length));
    }

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
        _provider = add(Sdk.CreateMeterProviderBuilder().ConfigureResource(resource => resource.AddService(service)))
            .AddPrometheusExporter()
            .Build();
        return new ApplicationBuilder(services).UseOpenTelemetryPrometheusScrapingEndpoint(
            _provider, static _ => true, path: null, configureBranchedPipeline: null, optionsName: null).Build();
    }
}
