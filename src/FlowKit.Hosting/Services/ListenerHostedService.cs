using FlowKit.Serving;
using FlowKit.Serving.Gateway;
using FlowKit.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FlowKit.Hosting.Services;

/// <summary>
/// Listens, for each flow that asks for it, on the ports that its <c>gateway:</c> names, from when it has started until it stops.
/// </summary>
internal sealed partial class ListenerHostedService(
    FlowRegistry registry,
    IServiceProvider services,
    IOptionsMonitor<FlowHostOptions> options,
    ILoggerFactory loggers) : IHostedLifecycleService
{
    private readonly List<(IServingHost Host, TimeSpan TimeoutStop)> _listeners = [];

    /// <summary>Fails before minutes go into loading models.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (var registration in Listening())
        {
            var config = registration.Config(services);
            GatewayHost.EnsureFree(config.Gateway);
            GatewayHost.EnsureGuarded(config, loggers);
        }

        return Task.CompletedTask;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var registration in Listening())
        {
            var flow = services.GetRequiredKeyedService<Flow>(registration.Name);
            var listener = await registration.OpenAsync(flow, services, cancellationToken);
            _listeners.Add((listener, flow.Config.Gateway.TimeoutStop));
            flow.Address = listener.Address;
            flow.Addresses = (listener as GatewayHost)?.Addresses ?? [];
            Log.Listening(loggers.CreateLogger<ListenerHostedService>(), listener.Address);
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var (listener, timeout) in _listeners)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(timeout);
            await listener.StopAsync(limit.Token);
            await listener.DisposeAsync();
        }
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<FlowRegistration> Listening() => registry.Flows.Where(flow => options.Get(flow.Name).Listen);

    private static partial class Log
    {
        [LoggerMessage(EventIds.FlowListening, LogLevel.Information, "The flow listens at {Address}")]
        public static partial void Listening(ILogger logger, Uri address);
    }
}
