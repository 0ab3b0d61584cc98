using FlowKit.Configuration.Executors;

namespace FlowKit.Graph;

/// <summary>An executor of the flow with its place among the others.</summary>
/// <param name="Config">What the user wrote.</param>
/// <param name="Needs">The nodes whose documents it receives; <see cref="FlowGraph.Origin"/> for the gateway.</param>
/// <param name="FloatingRoot">
/// The first floating executor on the way to it, perhaps itself; <see langword="null"/> when the reply waits for it.
/// </param>
public sealed record FlowNode(ExecutorConfig Config, IReadOnlyList<string> Needs, string? FloatingRoot = null)
{
    /// <summary>Its name.</summary>
    public string Name => Config.Name;

    /// <summary>Tells whether the reply does not wait for it.</summary>
    public bool IsFloating => FloatingRoot is not null;
}
