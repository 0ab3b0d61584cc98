using FlowKit.Configuration.Diagnostics;
using FlowKit.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FlowKit.Hosting.Services;

/// <summary>
/// Starts the flows of a host before its servers listen, and stops them after those have answered. An executor that ends its flow
/// (<c>exit_on_exceptions</c>) ends the host.
/// </summary>
internal sealed partial class FlowHostedService(
    FlowRegistry registry,
    IServiceProvider services,
    IHostApplicationLifetime lifetime,
    IOptionsMonitor<FlowHostOptions> options,
    ILogger<FlowHostedService> logger) : IHostedService
{
    private readonly List<Flow> _started = [];
    private IDisposable? _changes;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var registration in registry.Flows)
        {
            var flow = services.GetRequiredKeyedService<Flow>(registration.Name);
            await flow.StartAsync(cancellationToken);
            _started.Add(flow);
            Log.Started(logger, DisplayName(flow), string.Join(", ", flow.Endpoints.Keys.Order(StringComparer.Ordinal)));
            _ = EndHostWithAsync(flow);
        }

        _changes = options.OnChange((changed, name) => _ = ReloadAsync(name ?? ""));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _changes?.Dispose();
        foreach (var flow in Enumerable.Reverse(_started))
        {
            await flow.StopAsync(cancellationToken);
        }
    }

    private async Task EndHostWithAsync(Flow flow)
    {
        var error = await flow.Ended;
        Log.Ended(logger, DisplayName(flow), error.Message);
        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }

    /// <summary>Applies a changed configuration of a flow.</summary>
    private async Task ReloadAsync(string name)
    {
        if (_started.Find(flow => flow.Name == name) is not { } flow)
        {
            return;
        }

        try
        {
            await flow.ReloadAsync(lifetime.ApplicationStopping);
            Log.Applied(logger, DisplayName(flow));
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
        catch (Exception exception) when (exception is FlowConfigException or FlowKitException)
        {
            Log.NotApplied(logger, DisplayName(flow), exception.Message);
        }
    }

    private static string DisplayName(Flow flow) =>
        flow.Name.Length > 0 ? flow.Name : flow.Config.Name ?? Path.GetFileName(flow.Config.Path);

    private static partial class Log
    {
        [LoggerMessage(EventIds.FlowStarted, LogLevel.Information, "Flow {Flow} serves {Endpoints}")]
        public static partial void Started(ILogger logger, string flow, string endpoints);

        [LoggerMessage(EventIds.FlowEndedHost, LogLevel.Critical, "Flow {Flow} ends the program: {Message}")]
        public static partial void Ended(ILogger logger, string flow, string message);

        [LoggerMessage(EventIds.FlowOptionsApplied, LogLevel.Information, "The changed configuration of flow {Flow} is applied")]
        public static partial void Applied(ILogger logger, string flow);

        [LoggerMessage(EventIds.FlowOptionsNotApplied, LogLevel.Error, "The changed configuration of flow {Flow} is not applied; it serves "
            + "on as it was: {Reason}")]
        public static partial void NotApplied(ILogger logger, string flow, string reason);
    }
}
