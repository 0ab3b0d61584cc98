using FlowKit.Components;
using FlowKit.Configuration;

namespace FlowKit.Orchestration.Launching.Processes;

/// <summary><c>runtime: process</c>: each replica in a process of its own.</summary>
public sealed class ProcessLauncher : IExecutorLauncher
{
    /// <inheritdoc/>
    public string Runtime => LaunchConfig.Process;

    /// <inheritdoc/>
    public LaunchedExecutor Create(ExecutorConfig config) => new ProcessExecutor(config);
}
