using FlowKit.Components;
using FlowKit.Components.Launching;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Flow;
using FlowKit.Telemetry;
using Microsoft.Extensions.Logging;

namespace FlowKit.Runtime.Executors.Loading;

/// <summary>
/// Brings an executor to life: workspace, constructor, <see cref="Executor.LoadAsync"/>. A load that throws is tried again with ever longer
/// waits until <c>timeout_ready</c> has passed, unless it says itself that another attempt cannot help.
/// </summary>
internal sealed partial class ExecutorLoader(
    FlowConfig flow, FlowHost host, Func<IDevicePlan> devices, ExecutorDisposal disposal, ILogger logger)
{
    private static readonly TimeSpan s_firstWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_maxWait = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_maxDisposal = TimeSpan.FromSeconds(10);

    /// <summary>Loads one replica.</summary>
    /// <param name="version">What it runs.</param>
    /// <param name="shard">Its shard.</param>
    /// <param name="replica">Its position.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="failed">Told of an attempt that failed, and of the time until the next.</param>
    public async Task<Executor> LoadAsync(
        ExecutorRevision version, int shard, int replica, CancellationToken cancellationToken, Action<Exception, TimeSpan>? failed = null)
    {
        try
        {
            return await LoadInTimeAsync(version, ContextOf(version.Config, shard, replica), failed, cancellationToken);
        }
        catch (Exception exception)
        {
            throw Explain(version.Config, exception, cancellationToken);
        }
    }

    private async Task<Executor> LoadInTimeAsync(
        ExecutorRevision version, ExecutorContext context, Action<Exception, TimeSpan>? failed, CancellationToken cancellationToken)
    {
        var limit = version.Config.TimeoutReady;
        var began = host.TimeProvider.GetTimestamp();
        var backoff = new Backoff(s_firstWait, s_maxWait);
        while (true)
        {
            var attempt = new Attempt();
            var left = limit == Timeout.InfiniteTimeSpan ? limit : Left(limit, began);
            try
            {
                return await LoadOnceAsync(version, context, attempt, left, cancellationToken);
            }
            catch (Exception exception)
                when (attempt.Executor is not null && MayPass(exception) && !cancellationToken.IsCancellationRequested)
            {
                var wait = backoff.Next();
                if (limit != Timeout.InfiniteTimeSpan && host.TimeProvider.GetElapsedTime(began) + wait >= limit)
                {
                    throw;
                }

                Log.LoadFailed(logger, version.Config.Name, wait.TotalSeconds, exception.Message);
                failed?.Invoke(exception, wait);
                await Task.Delay(wait, host.TimeProvider, cancellationToken);
            }
        }
    }

    private TimeSpan Left(TimeSpan limit, long began)
    {
        var left = limit - host.TimeProvider.GetElapsedTime(began);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>A missing file or a wrong option stays as it is; a server that is not there yet may come.</summary>
    private static bool MayPass(Exception exception) => exception switch
    {
        FlowConfigException => false,
        FlowKitException known =>
            known.Error.Code is FlowErrorCode.Unavailable or FlowErrorCode.ResourceExhausted or FlowErrorCode.Internal,
        _ => true,
    };

    /// <summary>The constructor and the load run beside this thread, so that the limit holds for one that blocks as well.</summary>
    private async Task<Executor> LoadOnceAsync(
        ExecutorRevision version, ExecutorContext context, Attempt attempt, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // Taken now: when every pool thread is busy, the load begins after this method has ended, and giveUp with it.
        var givenUp = giveUp.Token;
        var loading = Task.Run(() => LoadAsync(() => Create(version, context), attempt, givenUp), CancellationToken.None);
        try
        {
            return await loading.WaitAsync(limit, host.TimeProvider, cancellationToken);
        }
        catch (Exception exception) when (!loading.IsFaulted && !loading.IsCanceled)
        {
            // Also when it succeeds in the moment in which it is given up.
            var progress = (attempt.Executor as LaunchedExecutor)?.Progress is { } told ? $": {told}" : "";
            await giveUp.CancelAsync();
            var disposing = DisposeLateAsync(loading);
            if (version.Config.Launch is not null)
            {
                // What it started must be gone before this process may end.
                await disposing.WaitAsync(
                    s_maxDisposal, host.TimeProvider, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            throw exception is TimeoutException
                ? new FlowKitException(
                    FlowErrorCode.DeadlineExceeded,
                    $"it was not ready within {version.Config.TimeoutReady.TotalMilliseconds:0} ms (timeout_ready){progress}",
                    exception)
                : exception;
        }
    }

    private Executor Create(ExecutorRevision version, ExecutorContext context)
    {
        if (version.Config.Launch is not { } launch)
        {
            return ExecutorActivator.Create(version.Descriptor, version.Config, context, host.ExecutorServices);
        }

        var launcher = host.Launchers.FirstOrDefault(launcher => launcher.Runtime == launch.Runtime)
            ?? throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"this program runs executors only in its own process, not with 'runtime: {launch.Runtime}'");
        return Executor.Construct(context, () => launcher.Create(version.Config));
    }

    private async Task<Executor> LoadAsync(Func<Executor> create, Attempt attempt, CancellationToken cancellationToken)
    {
        var executor = create();
        attempt.Executor = executor;
        try
        {
            await executor.LoadAsync(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            return executor;
        }
        catch
        {
            await disposal.DisposeAsync(executor);
            throw;
        }
    }

    /// <summary>Disposes an executor that comes to life after all, when nobody waits any more, unless its cancelled token does.</summary>
    private async Task DisposeLateAsync(Task<Executor> loading)
    {
        await ((Task)loading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (loading.IsCompletedSuccessfully)
        {
            await disposal.DisposeAsync(await loading);
        }
    }

    private ExecutorContext ContextOf(ExecutorConfig config, int shard, int replica)
    {
        var baseDirectory = config.BaseDirectory ?? flow.BaseDirectory;
        var context = host.Place(new ExecutorContext
        {
            Name = config.Name,
            ShardId = shard,
            Shards = config.Shards,
            ReplicaId = replica,
            Replicas = config.Replicas,
            Workspace = host.WorkspaceOf(config, baseDirectory, shard),
            BaseDirectory = baseDirectory,
            Device = devices().DeviceOf(config.Name, shard, replica),
            Env = config.Env,
            Logger = host.Loggers.CreateLogger($"FlowKit.Executors.{config.Name}"),
            TimeProvider = host.TimeProvider,
        });
        try
        {
            PrivateFolder.Create(context.Workspace);
            return context;
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition, $"the workspace '{context.Workspace}' cannot be made: {exception.Message}", exception);
        }
    }

    private static Exception Explain(ExecutorConfig config, Exception exception, CancellationToken cancellationToken) => exception switch
    {
        FlowConfigException => exception,
        OperationCanceledException when cancellationToken.IsCancellationRequested => exception,
        _ =>
            new FlowKitException(FlowError.From(exception, config.Name) with
            {
                Message = $"The executor '{config.Name}' ({config.Uses}) did not start: {exception.Message}",
            }, exception),
    };

    /// <summary>The progress of an attempt: what a constructor throws, it throws again.</summary>
    private sealed class Attempt
    {
        public Executor? Executor { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.ExecutorLoadFailed, LogLevel.Warning, "Executor {Executor} did not start; next attempt in "
            + "{Seconds:0.0} s: {Message}")]
        public static partial void LoadFailed(ILogger logger, string executor, double seconds, string message);
    }
}
