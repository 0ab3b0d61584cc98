using System.Globalization;
using FlowKit.Cli.Output;
using FlowKit.Configuration.Flow;
using FlowKit.Configuration.Gateway;
using FlowKit.Hosting;
using FlowKit.Hosting.Services;
using FlowKit.Hosting.Telemetry;
using FlowKit.Orchestration.Launching;
using FlowKit.Serving;
using FlowKit.Serving.Ipc;
using FlowKit.Serving.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FlowKit.Cli.Running;

/// <summary>
/// The life of an executor in the process that a gateway started for it. It ends when the gateway asks it to, and when the gateway is gone.
/// </summary>
internal static class WorkerRun
{
    /// <param name="gateway">Where it listens.</param>
    /// <param name="uses">What runs when the gateway does not say.</param>
    /// <param name="parent">The gateway's process; <see langword="null"/> in a container, where it is not seen.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static async Task<int> ExecuteAsync(GatewayConfig gateway, string? uses, int? parent, CancellationToken cancellationToken)
    {
        if (parent is { } process && !Signals.DieWithParent(process))
        {
            return 0;
        }

        using var signals = new StopSignals(cancellationToken, heedsTerminal: false);
        using var lifetime = new ParentProcessLifetime(Console.OpenStandardInput());
        var entry = WorkerEntry.Parse(await lifetime.ReadEntryAsync(signals.Token));
        using var traces = entry.TracesExporter is { } receiver
            ? PodExport.SendTraces(string.Create(CultureInfo.InvariantCulture, $"{entry.Name}/rep-{entry.ReplicaId}"), receiver)
            : null;
        using var host = Build(entry, entry.ToConfig(uses, gateway), lifetime);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(signals.Token, lifetime.Token);
        try
        {
            await host.StartAsync(ending.Token);
            await Task.WhenAny(signals.Requested, lifetime.Ended);
            if (!lifetime.Ended.IsCompleted)
            {
                await host.StopAsync(CancellationToken.None);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Nobody needs it any more.
        }

        return 0;
    }

    /// <summary>Opens the services of one executor.</summary>
    public static async Task<IServingHost> OpenAsync(Flow flow, IServiceProvider services, CancellationToken cancellationToken) =>
        await WorkerHost.StartAsync(flow.Runtime, flow.Config, services.GetRequiredService<ILoggerFactory>(), cancellationToken);

    /// <summary>Opens them with what the executor measures itself, for its gateway's <c>/metrics</c>.</summary>
    private static async Task<IServingHost> OpenAsync(
        Flow flow, IServiceProvider services, PrometheusText metrics, CancellationToken cancellationToken) =>
        await WorkerHost.StartAsync(
            flow.Runtime,
            flow.Config,
            services.GetRequiredService<ILoggerFactory>(),
            async (accepted, token) => (await metrics.ReadAsync(services, accepted, token)).Text,
            cancellationToken);

    /// <summary>Tells people where an executor is served.</summary>
    public static void Announce(Flow flow)
    {
        var executor = flow.Config.Executors[0];
        var endpoints = flow.Endpoints.Keys.Order(StringComparer.Ordinal)
            .Select(endpoint => endpoint == RequestsAttribute.Default ? "any other endpoint" : endpoint);
        var shard = executor.ShardId is { } index ? $", shard {index} of {executor.Shards}," : "";
        Report.Line($"Executor '{executor.Name}' ({executor.Uses}){shard} answers {string.Join(", ", endpoints)}");
        foreach (var port in flow.MonitoringPorts)
        {
            Report.Line($"metrics {port.Address} {string.Join(", ", port.Pods.Select(pod => pod.Name))}");
        }

        var scheme = flow.Address!.Scheme == Uri.UriSchemeHttps ? "grpcs" : "grpc";
        var address = flow.Config.Gateway.Socket is { } socket ? $"unix://{socket}" : $"{scheme}://{flow.Address.Authority}";
        Report.Line($"Executor is ready to serve at {address}. Ctrl-C stops it.");
    }

    private static IHost Build(WorkerEntry entry, FlowConfig config, ParentProcessLifetime lifetime)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "flowkit" });
        builder.Logging.AddSystemdConsole()
            .AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning)
            .AddFilter("FlowKit", LogLevel.Information).AddFilter("FlowKit.Hosting", LogLevel.Warning);
        ShownConsoleFormatter.AddTo(builder.Services);
        TelemetryExport.Add(builder, "flowkit-worker");
        builder.Services.AddSingleton<IHostLifetime>(lifetime);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Timeout.InfiniteTimeSpan);
        var registration = new FlowRegistration("", _ => config, () => [])
        {
            // Each connection over Ipc has a thread of its own, which has nothing else to do.
            Configure = host => host with { Place = entry.Place, ShortCall = entry.IpcSocket is null ? host.ShortCall : TimeSpan.MaxValue },
            Open = (flow, services, cancellationToken) => WorkerListeners.OpenAsync(flow, entry, services, cancellationToken),
        };
        builder.Services.AddFlow(registration, options =>
        {
            options.Listen = true;
            options.Workspace = entry.Workspace;
        });
        return builder.Build();
    }

    /// <summary>The two ways to a worker: Ipc for the gateway on this machine, gRPC beside it.</summary>
    private sealed class WorkerListeners(IServingHost worker, IpcHost? ipc, PrometheusText metrics) : IServingHost
    {
        public Uri Address => worker.Address;

        public static async Task<IServingHost> OpenAsync(
            Flow flow, WorkerEntry entry, IServiceProvider services, CancellationToken cancellationToken)
        {
            var loggers = services.GetRequiredService<ILoggerFactory>();
            var ipc = entry.IpcSocket is { } path ? IpcHost.Start(flow.Runtime, flow.Config, path, loggers) : null;
            var metrics = new PrometheusText("flowkit-worker", static metrics => metrics.AddWorkerMeters());
            return new WorkerListeners(await WorkerRun.OpenAsync(flow, services, metrics, cancellationToken), ipc, metrics);
        }

        public Task StopAsync(CancellationToken cancellationToken) =>
            Task.WhenAll(worker.StopAsync(cancellationToken), ipc?.StopAsync(cancellationToken) ?? Task.CompletedTask);

        public async ValueTask DisposeAsync()
        {
            await worker.DisposeAsync();
            if (ipc is not null)
            {
                await ipc.DisposeAsync();
            }

            metrics.Dispose();
        }
    }
}
