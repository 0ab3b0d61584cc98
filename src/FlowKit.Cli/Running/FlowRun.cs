using FlowKit.Cli.Output;
using FlowKit.Components;
using FlowKit.Configuration.Flow;
using FlowKit.Inputs;
using FlowKit.Orchestration.Devices;
using FlowKit.Orchestration.Launching.Containers;
using FlowKit.Orchestration.Launching.Processes;
using FlowKit.Runtime;
using FlowKit.Serving;
using FlowKit.Serving.Gateway;
using FlowKit.Sources;
using Microsoft.Extensions.Logging;

namespace FlowKit.Cli.Running;

/// <summary>One run of a flow, from its configuration to its last answer.</summary>
internal static class FlowRun
{
    /// <param name="read">Reads the configuration: now, and again when <c>reload</c> finds a change.</param>
    /// <param name="workspace">Where executors keep their files; <see langword="null"/> for what the flow says.</param>
    /// <param name="door">How it is reached.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static async Task<int> ExecuteAsync(Func<FlowConfig> read, string? workspace, IDoor door, CancellationToken cancellationToken)
    {
        var config = read();
        using var signals = new StopSignals(cancellationToken);
        using var loggers = LoggerFactory.Create(logging => logging.AddSimpleConsole(console => console.SingleLine = true)
            .AddFilter("Microsoft", LogLevel.Warning).AddFilter("FlowKit", LogLevel.Information));
        GatewayHost.EnsureFree(config.Gateway);
        GatewayHost.EnsureGuarded(config, loggers);
        Report.Warnings(config);
        foreach (var (name, value) in config.Env)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        var folder = Path.GetFullPath(workspace ?? Path.Combine(config.BaseDirectory, config.Workspace ?? ".flowkit"));
        try
        {
            var catalog = ComponentCatalog.ScanApplication().With(ExecutorSources.Default);
            await using var flow = await StartAsync(config, catalog, folder, loggers, signals.Token);
            await PostOnStartAsync(flow, config, folder, signals.Token);
            // Before anybody is told that the flow is ready: a file that changes from then on is seen.
            using var watching = new CancellationTokenSource();
            var watcher = config.Reload || config.Executors.Any(executor => executor.Reload)
                ? new FlowWatcher(flow, read, TimeProvider.System, loggers.CreateLogger<FlowWatcher>()).RunAsync(config, watching.Token)
                : Task.CompletedTask;
            await using var host = await door.OpenAsync(flow, config, catalog, loggers, signals.Token);
            await Task.WhenAny(signals.Requested, flow.Ended);
            await watching.CancelAsync();
            await watcher.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await StopAsync(flow, host, config);
            if (flow.Ended.IsCompletedSuccessfully)
            {
                Report.Warning((await flow.Ended).Message);
                return 1;
            }
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            Report.Line("Stopped before the flow was ready.");
        }

        return 0;
    }

    private static Task<FlowRuntime> StartAsync(FlowConfig config, ComponentCatalog catalog, string folder, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        ProgressLine.RunAsync("Loading executors", report =>
        {
            report(0, config.Executors.Count);
            var host = new FlowHost(catalog, loggers, TimeProvider.System, folder)
            {
                Progress = new Reporter(report),
                Launchers = [new ProcessLauncher(), new ContainerLauncher(config.Name)],
                Devices = new GpuPlanner(),
            };
            return FlowRuntime.StartAsync(config, host, cancellationToken);
        });

    private static async Task PostOnStartAsync(FlowRuntime flow, FlowConfig config, string folder, CancellationToken cancellationToken)
    {
        if (config.OnStart.Count == 0)
        {
            return;
        }

        var posted = 0;
        var runner = new OnStartRunner(flow, config, folder);
        var errors = await ProgressLine.RunAsync("Indexing", report => runner.RunAsync((_, done, total) => report(posted = done, total), cancellationToken));
        if (posted == 0)
        {
            Report.Line("The index is up to date.");
        }

        foreach (var error in errors)
        {
            Report.Warning(error.Message);
        }
    }

    private static async Task StopAsync(FlowRuntime flow, IServingHost host, FlowConfig config)
    {
        Report.Line("Stopping: answering what was accepted …");
        using var limit = new CancellationTokenSource(config.Gateway.TimeoutStop);
        await host.StopAsync(limit.Token);
        await flow.StopAsync(config.Gateway.TimeoutStop);
        Report.Line("Stopped.");
    }

    private sealed class Reporter(Action<int, int> report) : IProgress<(int Ready, int Total, string Name)>
    {
        public void Report((int Ready, int Total, string Name) value) => report(value.Ready, value.Total);
    }
}
