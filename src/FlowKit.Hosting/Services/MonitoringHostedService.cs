using FlowKit.Hosting.Telemetry;
using FlowKit.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace FlowKit.Hosting.Services;

/// <summary>
/// Tells, from before the flows of a host load until after they have stopped, those of them that Jina's keys name (<c>monitoring</c>,
/// <c>metrics</c>, <c>tracing</c>).
/// </summary>
internal sealed partial class MonitoringHostedService(FlowRegistry registry, IServiceProvider services, ILoggerFactory loggers)
    : IHostedLifecycleService, IAsyncDisposable
{
    private readonly List<MonitoringPort> _ports = [];
    private readonly List<IDisposable> _exporters = [];

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (var registration in registry.Flows)
        {
            if (Pod.Of(registration.Config(services)) is { Count: > 0 } pods)
            {
                var flow = services.GetRequiredKeyedService<Flow>(registration.Name);
                await StartAsync(flow, pods, registration.HasGateway, cancellationToken);
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken) => await DisposeAsync();

    /// <summary>Ends the ports, and sends what is left to send.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var port in _ports)
        {
            await port.DisposeAsync();
        }

        _exporters.ForEach(exporter => exporter.Dispose());
        _ports.Clear();
        _exporters.Clear();
    }

    private async Task StartAsync(Flow flow, IReadOnlyList<Pod> pods, bool hasGateway, CancellationToken cancellationToken)
    {
        var own = new List<MonitoringPort>();
        foreach (var shared in ByPort(pods))
        {
            var port = await MonitoringPort.StartAsync(shared, Measure, flow.Config.Gateway.Host, loggers, cancellationToken);
            _ports.Add(port);
            own.Add(port);
            Log.Monitored(loggers.CreateLogger<MonitoringHostedService>(), string.Join(", ", shared.Select(pod => pod.Name)), port.Address);

            void Measure(MeterProviderBuilder metrics)
            {
                metrics.AddMeter([.. shared.Select(pod => flow.Runtime.Meters.MeterOf(pod.Name))]);

                // The gateway's own /metrics has all of this process; where there is none, nobody else tells of it.
                if (!hasGateway)
                {
                    metrics.AddFlowMeters();
                }
            }
        }

        flow.MonitoringPorts = own;
        foreach (var pod in pods)
        {
            if (pod.Monitoring.MetricsExporter is { } metrics)
            {
                _exporters.Add(PodExport.SendMetrics(pod, metrics, flow.Runtime.Meters.MeterOf(pod.Name)));
            }

            if (pod.Monitoring.TracesExporter is { } traces)
            {
                _exporters.Add(PodExport.SendTraces(pod, traces));
            }
        }
    }

    /// <summary>Pods that name one port share it: in Jina's cluster each has an address of its own, here they have one together.</summary>
    private static IEnumerable<IReadOnlyList<Pod>> ByPort(IReadOnlyList<Pod> pods)
    {
        var free = pods.Where(pod => pod.Monitoring.Port == 0).Select(pod => (IReadOnlyList<Pod>)[pod]);
        var named = pods.Where(pod => pod.Monitoring.Port > 0).GroupBy(pod => pod.Monitoring.Port);
        return free.Concat(named.Select(group => (IReadOnlyList<Pod>)[.. group]));
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.FlowMonitored, LogLevel.Information, "Metrics of {Pods} are at {Address}")]
        public static partial void Monitored(ILogger logger, string pods, Uri address);
    }
}
