using FlowKit.Configuration.Executors;

namespace FlowKit.Components.Launching;

/// <summary>A place where executors can run: <c>runtime: process</c>, <c>runtime: container</c>.</summary>
public interface IExecutorLauncher
{
    /// <summary>The name that <c>runtime:</c> writes.</summary>
    string Runtime { get; }

    /// <summary>
    /// Makes what stands for one replica in this process; nothing is started yet. Its context is set as for every executor.
    /// </summary>
    /// <param name="config">Its entry.</param>
    LaunchedExecutor Create(ExecutorConfig config);
}
