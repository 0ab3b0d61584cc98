using FlowKit.Configuration;

namespace FlowKit.Graph;

/// <summary>One executor of the flow with its place among the others.</summary>
/// <param name="Config">What the user wrote.</param>
/// <param name="Needs">The nodes whose documents it receives; <see cref="FlowGraph.Origin"/> for the gateway.</param>
public sealed record FlowNode(ExecutorConfig Config, IReadOnlyList<string> Needs)
{
    /// <summary>Its name.</summary>
    public string Name => Config.Name;
}
