using FlowKit.Components;
using FlowKit.Configuration;
using FlowKit.Graph;

namespace FlowKit.Runtime;

/// <summary>Brings the replicas of one node to life: workspace, constructor, <see cref="Executor.LoadAsync"/> within <c>timeout_ready</c>.</summary>
internal sealed class ExecutorLoader(FlowConfig flow, FlowHost host, ExecutorDisposal disposal)
{
    public async Task<IReadOnlyList<ExecutorReplica>> LoadAsync(FlowNode node, ExecutorDescriptor descriptor, CancellationToken cancellationToken)
    {
        var endpoints = descriptor.BindEndpoints(node.Config.UsesRequests);
        var replicas = new List<ExecutorReplica>(node.Config.Replicas);
        try
        {
            for (var id = 0; id < node.Config.Replicas; id++)
            {
                replicas.Add(new ExecutorReplica(await LoadAsync(node.Config, id, descriptor, cancellationToken), endpoints));
            }

            return replicas;
        }
        catch (Exception exception)
        {
            foreach (var replica in replicas)
            {
                await disposal.DisposeAsync(replica.Executor);
            }

            throw Explain(node, exception, cancellationToken);
        }
    }

    /// <summary>The constructor and the load run beside this thread, so that the limit holds for one that blocks as well.</summary>
    private async Task<Executor> LoadAsync(ExecutorConfig config, int id, ExecutorDescriptor descriptor, CancellationToken cancellationToken)
    {
        var context = ContextOf(config, id);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var loading = Task.Run(() => LoadAsync(() => ExecutorActivator.Create(descriptor, config, context), giveUp.Token), CancellationToken.None);
        try
        {
            return await loading.WaitAsync(config.TimeoutReady, host.TimeProvider, cancellationToken);
        }
        catch (Exception exception) when (!loading.IsCompleted)
        {
            await giveUp.CancelAsync();
            _ = DisposeLateAsync(loading);
            throw exception is TimeoutException
                ? new FlowKitException(FlowErrorCode.DeadlineExceeded, $"it was not ready within {config.TimeoutReady.TotalMilliseconds:0} ms (timeout_ready)", exception)
                : exception;
        }
    }

    private async Task<Executor> LoadAsync(Func<Executor> create, CancellationToken cancellationToken)
    {
        var executor = create();
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

    /// <summary>One that comes to life after all, when nobody waits any more, disposes itself by its cancelled token or here.</summary>
    private async Task DisposeLateAsync(Task<Executor> loading)
    {
        await ((Task)loading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (loading.IsCompletedSuccessfully)
        {
            await disposal.DisposeAsync(await loading);
        }
    }

    private ExecutorContext ContextOf(ExecutorConfig config, int replica)
    {
        var workspace = host.WorkspaceOf(config, flow.BaseDirectory);
        try
        {
            Directory.CreateDirectory(workspace);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FlowKitException(FlowErrorCode.FailedPrecondition, $"the workspace '{workspace}' cannot be made: {exception.Message}", exception);
        }

        return new ExecutorContext
        {
            Name = config.Name,
            ReplicaId = replica,
            Replicas = config.Replicas,
            Workspace = workspace,
            BaseDirectory = flow.BaseDirectory,
            Device = config.Device,
            Env = config.Env,
            Logger = host.Loggers.CreateLogger($"FlowKit.Executors.{config.Name}"),
            TimeProvider = host.TimeProvider,
        };
    }

    private static Exception Explain(FlowNode node, Exception exception, CancellationToken cancellationToken) => exception switch
    {
        FlowConfigException => exception,
        OperationCanceledException when cancellationToken.IsCancellationRequested => exception,
        _ => new FlowKitException(FlowError.From(exception, node.Name) with { Message = $"The executor '{node.Name}' ({node.Config.Uses}) did not start: {exception.Message}" }, exception),
    };
}
