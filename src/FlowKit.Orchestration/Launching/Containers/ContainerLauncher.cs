using FlowKit.Components.Launching;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Launching;

namespace FlowKit.Orchestration.Launching.Containers;

/// <summary><c>runtime: container</c> and <c>uses: docker://…</c>: each replica in a container of its own.</summary>
/// <param name="flow">The flow's name, for the labels of its containers.</param>
/// <param name="secrets">Files that no container may read, by their whole paths.</param>
public sealed class ContainerLauncher(string? flow, params IReadOnlyList<string> secrets) : IExecutorLauncher
{
    private readonly ContainerHost _host = new(flow ?? "flow", secrets);

    /// <inheritdoc/>
    public string Runtime => LaunchConfig.InContainer;

    /// <summary>Told how many layers of an image are pulled, of those that are known so far; <see langword="null"/> for nobody.</summary>
    internal Action<string, int, int>? Pulling
    {
        init => _host.Pulling = value;
    }

    /// <inheritdoc/>
    public LaunchedExecutor Create(ExecutorConfig config) => new ContainerExecutor(config, _host);
}
