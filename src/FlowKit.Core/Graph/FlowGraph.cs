namespace FlowKit.Graph;

/// <summary>The flow as a graph: nodes in topological order, from the gateway and back to it.</summary>
/// <param name="Nodes">Every node stands after all that it needs.</param>
/// <param name="Leaves">The nodes nobody needs: their documents make the reply, joined where they are several.</param>
public sealed record FlowGraph(IReadOnlyList<FlowNode> Nodes, IReadOnlyList<string> Leaves)
{
    /// <summary>The name under which <c>needs:</c> refers to the gateway.</summary>
    public const string Origin = "gateway";

    /// <summary>The nodes that receive what <paramref name="name"/> sends.</summary>
    /// <param name="name">A node, or <see cref="Origin"/>.</param>
    public IEnumerable<FlowNode> ConsumersOf(string name) => Nodes.Where(node => node.Needs.Contains(name));
}
