using FlowKit.Components;
using FlowKit.Configuration.Gateway;
using FlowKit.Orchestration.Devices;
using FlowKit.Orchestration.Launching;
using FlowKit.Runtime;
using FlowKit.Serving.Gateway;
using FlowKit.Serving.Lines;
using FlowKit.Serving.Worker;
using FlowKit.Sources;
using Microsoft.Extensions.Logging;

namespace FlowKit.Cli.Running;

/// <summary>One executor's life in the process that a gateway started for it. It ends when the gateway asks it to, and when the gateway is gone.</summary>
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
        using var line = new LifeLine(Console.OpenStandardInput());
        var entry = WorkerEntry.Parse(await line.ReadEntryAsync(signals.Token));
        using var loggers = LoggerFactory.Create(logging => logging.AddSystemdConsole()
            .AddFilter("Microsoft", LogLevel.Warning).AddFilter("FlowKit", LogLevel.Information));
        var config = entry.ToConfig(uses, gateway);
        GatewayHost.EnsureFree(gateway);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(signals.Token, line.Token);
        try
        {
            var host = new FlowHost(ComponentCatalog.ScanApplication().With(ExecutorSources.Default), loggers, TimeProvider.System, entry.Workspace ?? Path.Combine(config.BaseDirectory, ".flowkit")) { Place = entry.Place, Devices = new GpuPlanner() };
            if (entry.Line is not null)
            {
                // Each line has a thread of its own, which has nothing else to do.
                host = host with { ShortCall = TimeSpan.MaxValue };
            }

            await using var flow = await FlowRuntime.StartAsync(config, host, ending.Token);
            await using var lines = entry.Line is { } path ? LineHost.Start(flow, config, path, loggers) : null;
            await using var worker = await WorkerHost.StartAsync(flow, config, loggers, ending.Token);
            await Task.WhenAny(signals.Requested, line.Ended);
            if (!line.Ended.IsCompleted)
            {
                using var limit = new CancellationTokenSource(gateway.TimeoutStop);
                await Task.WhenAll(worker.StopAsync(limit.Token), lines?.StopAsync(limit.Token) ?? Task.CompletedTask);
                await flow.StopAsync(gateway.TimeoutStop);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Nobody needs it any more.
        }

        return 0;
    }
}
