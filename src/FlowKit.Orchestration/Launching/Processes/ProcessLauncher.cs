using FlowKit.Components.Launching;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Launching;

namespace FlowKit.Orchestration.Launching.Processes;

/// <summary><c>runtime: process</c>: each replica in a process of its own.</summary>
public sealed class ProcessLauncher : IExecutorLauncher
{
    private const string SharedMemory = "FLOWKIT_SHARED_MEMORY";

    /// <inheritdoc/>
    public string Runtime => LaunchConfig.Process;

    /// <summary>
    /// Indicates whether large requests and answers go through shared memory. Default true, unless the environment has
    /// <c>FLOWKIT_SHARED_MEMORY=0</c>.
    /// </summary>
    public bool SharesMemory { get; init; } = Environment.GetEnvironmentVariable(SharedMemory) != "0";

    /// <inheritdoc/>
    public LaunchedExecutor Create(ExecutorConfig config) => new ProcessExecutor(config, SharesMemory);
}
