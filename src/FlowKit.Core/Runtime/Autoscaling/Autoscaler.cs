using System.Collections.Concurrent;
using FlowKit.Configuration.Autoscaling;
using FlowKit.Telemetry;
using Microsoft.Extensions.Logging;

namespace FlowKit.Runtime.Autoscaling;

/// <summary>
/// Has the replicas of executors that say so (<c>autoscale</c>) follow their load, in this process, in processes of their own or in
/// containers.
/// </summary>
/// <param name="deployer">Knows what runs, and changes it.</param>
/// <param name="time">Time.</param>
/// <param name="logger">Told of every change, and why.</param>
internal sealed partial class Autoscaler(FlowDeployer deployer, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>The time between two looks at the load.</summary>
    public static readonly TimeSpan SampleInterval = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, AutoscaledExecutor> _executors = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopped = new();
    private readonly Lock _lock = new();
    private Task? _loop;

    /// <summary>Finds the state of an executor; <see langword="null"/> where its replicas do not follow its load.</summary>
    /// <param name="executor">Its name.</param>
    public AutoscaleStatus? Find(string executor) =>
        deployer.Pipeline.Deployments.TryGetValue(executor, out var deployment) && deployment.Config.Autoscale is { } config
            ? Of(executor, config).Status
            : null;

    /// <summary>Begins to look at the load, unless it does already or no executor is to follow its own.</summary>
    public void Start()
    {
        lock (_lock)
        {
            if (!_stopped.IsCancellationRequested
                && Array.Exists(deployer.Pipeline.Ordered, deployment => deployment.Config.Autoscale is not null))
            {
                _loop ??= RunAsync();
            }
        }
    }

    /// <summary>Changes nothing more. Requests that wait for the first replica get it, so that they are answered.</summary>
    /// <param name="timeout">The time that it may take to start.</param>
    public async Task StopAsync(TimeSpan timeout)
    {
        Task[] waking;
        Task? loop;
        lock (_lock)
        {
            loop = _loop;
            if (loop is not null)
            {
                Look();
            }

            waking = [.. _executors.Values.Where(executor => executor.IsWaking).Select(executor => executor.Change)];
        }

        await Task.WhenAll(waking).WaitAsync(timeout, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stopped.CancelAsync();
        await (loop ?? Task.CompletedTask);

        // A change under way may wait for a call that only the stop ends; the deployer waits for the change.
    }

    public void Dispose() => _stopped.Dispose();

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(SampleInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopped.Token).ConfigureAwait(false))
            {
                lock (_lock)
                {
                    Look();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The flow stops.
        }
    }

    private void Look()
    {
        foreach (var deployment in deployer.Pipeline.Ordered)
        {
            if (deployment.Config.Autoscale is { } config
                && Of(deployment.Name, config) is var executor
                && executor.Look(deployment.Shards) is { } decision)
            {
                executor.IsWaking = deployment.Shards[0].Config.Replicas == 0;
                executor.Change = ChangeAsync(executor, deployment.Name, deployment.Shards[0].Config.Replicas, decision);
            }
        }
    }

    /// <summary>Other limits begin anew.</summary>
    private AutoscaledExecutor Of(string name, AutoscaleConfig config) => _executors.AddOrUpdate(
        name,
        _ => new AutoscaledExecutor(config, time),
        (_, known) => known.Config == config ? known : new AutoscaledExecutor(config, time) { Change = known.Change });

    private async Task ChangeAsync(AutoscaledExecutor executor, string name, int from, AutoscaleDecision decision)
    {
        Log.Scaling(logger, name, from, decision.Replicas, decision.Reason);
        try
        {
            await deployer.ScaleAsync(name, decision.Replicas, _stopped.Token).ConfigureAwait(false);
            executor.Succeed($"{from} → {decision.Replicas}: {decision.Reason}");
        }
        catch (Exception exception)
        {
            // Also where the flow stops: nobody asks then.
            var wait = executor.Fail($"{from} → {decision.Replicas} failed: {exception.Message}");
            if (!_stopped.IsCancellationRequested)
            {
                Log.NotScaled(logger, name, from, decision.Replicas, wait.TotalSeconds, exception);
            }
        }

        executor.IsWaking = false;
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.ExecutorScaling, LogLevel.Information, "Executor {Executor} is scaled from {From} to {To} replicas: "
            + "{Reason}")]
        public static partial void Scaling(ILogger logger, string executor, int from, int to, string reason);

        [LoggerMessage(EventIds.ExecutorNotScaled, LogLevel.Error, "Executor {Executor} could not be scaled from {From} to {To} replicas; "
            + "next attempt in {Seconds:0.0} s")]
        public static partial void NotScaled(ILogger logger, string executor, int from, int to, double seconds, Exception exception);
    }
}
