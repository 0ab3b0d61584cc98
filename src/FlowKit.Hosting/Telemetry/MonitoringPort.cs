using System.Net.Sockets;
using FlowKit.Serving;
using FlowKit.Serving.Gateway;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace FlowKit.Hosting.Telemetry;

/// <summary>
/// A port on which Prometheus finds the metrics of one pod or of several, whatever path it asks for, as with Jina's <c>monitoring</c>.
/// </summary>
internal sealed class MonitoringPort : IAsyncDisposable
{
    private readonly WebApplication _app;

    private MonitoringPort(WebApplication app, IReadOnlyList<Pod> pods)
    {
        (_app, Pods) = (app, pods);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>The pods that it tells of.</summary>
    public IReadOnlyList<Pod> Pods { get; }

    /// <summary>The address, with the port that was found where any was asked for.</summary>
    public Uri Address { get; }

    /// <summary>Starts listening.</summary>
    /// <param name="pods">The pods, which name one port.</param>
    /// <param name="measure">Names what is told of them.</param>
    /// <param name="host">The address of the flow's gateway.</param>
    /// <param name="loggers">Where logs go.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="FlowKitException">The port is in use, or the address is not this machine's.</exception>
    public static async Task<MonitoringPort> StartAsync(
        IReadOnlyList<Pod> pods,
        Action<MeterProviderBuilder> measure,
        string host,
        ILoggerFactory loggers,
        CancellationToken cancellationToken)
    {
        var port = pods[0].Monitoring.Port!.Value;
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "FlowKit" });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(Listeners.AddressOf(host), port);
        });
        builder.Services.Configure<PrometheusAspNetCoreOptions>(options => options.ScopeInfoEnabled = false);
        builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService(pods[0].Service)).WithMetrics(metrics =>
        {
            measure(metrics);
            metrics.AddPrometheusExporter();
        });
        var app = builder.Build();
        app.UseOpenTelemetryPrometheusScrapingEndpoint(static _ => true);
        try
        {
            await app.StartAsync(cancellationToken);
            return new MonitoringPort(app, pods);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            await app.DisposeAsync();
            throw new FlowKitException(
                FlowErrorCode.Unavailable,
                $"The metrics of {string.Join(" and ", pods.Select(pod => $"'{pod.Name}'"))} cannot be told on {host}:{port} "
                    + $"(port_monitoring): {exception.GetBaseException().Message}. Choose another port; 0, or none, takes a free one.",
                exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
