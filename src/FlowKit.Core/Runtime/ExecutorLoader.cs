using FlowKit.Components;
using FlowKit.Configuration;
using FlowKit.Graph;

namespace FlowKit.Runtime;

/// <summary>Brings the replicas of one node to life: workspace, constructor, <see cref="Executor.LoadAsync"/> within <c>timeout_ready</c>.</summary>
internal sealed class ExecutorLoader(FlowConfig flow, FlowHost host)
{
    public async Task<IReadOnlyList<ExecutorReplica>> LoadAsync(FlowNode node, ExecutorDescriptor descriptor, CancellationToken cancellationToken)
    {
        var endpoints = descriptor.BindEndpoints(node.Config.UsesRequests);
        var replicas = new List<ExecutorReplica>(node.Config.Replicas);
        try
        {
            for (var id = 0; id < node.Config.Replicas; id++)
            {
                var executor = ExecutorActivator.Create(descriptor, node.Config, ContextOf(node.Config, id));
                replicas.Add(new ExecutorReplica(executor, endpoints));
                await ReadyAsync(executor, node.Config, cancellationToken);
            }

            return replicas;
        }
        catch (Exception exception)
        {
            foreach (var replica in replicas)
            {
                await replica.Executor.DisposeAsync();
            }

            throw Explain(node, exception);
        }
    }

    private async Task ReadyAsync(Executor executor, ExecutorConfig config, CancellationToken cancellationToken)
    {
        try
        {
            await executor.LoadAsync(cancellationToken).WaitAsync(config.TimeoutReady, host.TimeProvider, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new FlowKitException(FlowErrorCode.DeadlineExceeded, $"it was not ready within {config.TimeoutReady.TotalMilliseconds:0} ms (timeout_ready)", exception);
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
            Logger = host.Loggers.CreateLogger($"FlowKit.Executors.{config.Name}"),
            TimeProvider = host.TimeProvider,
        };
    }

    private static Exception Explain(FlowNode node, Exception exception) => exception switch
    {
        FlowConfigException or OperationCanceledException => exception,
        _ => new FlowKitException(FlowError.From(exception, node.Name) with { Message = $"The executor '{node.Name}' ({node.Config.Uses}) did not start: {exception.Message}" }, exception),
    };
}
