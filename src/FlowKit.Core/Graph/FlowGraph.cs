namespace FlowKit.Graph;

/// <summary>The flow as a graph: nodes in topological order, from the gateway and back to it.</summary>
/// <param name="Nodes">Every node stands after all that it needs.</param>
/// <param name="Leaves">
/// The nodes whose documents make the reply: the last one that nobody needs, and those that only inspect, which fill what is empty.
/// </param>
public sealed record FlowGraph(IReadOnlyList<FlowNode> Nodes, IReadOnlyList<string> Leaves)
{
    /// <summary>The name under which <c>needs:</c> refers to the gateway.</summary>
    public const string Origin = "gateway";

    /// <summary>Other nodes that nobody needs: the reply waits for them, and takes none of their documents.</summary>
    internal IReadOnlyList<string> AwaitedLeaves { get; init; } = [];

    /// <summary>Tells whether a condition may change the order of documents.</summary>
    public bool HasConditions => Nodes.Any(node => node.Config.When is not null);

    /// <summary>The nodes that receive what <paramref name="name"/> sends.</summary>
    /// <param name="name">A node, or <see cref="Origin"/>.</param>
    public IEnumerable<FlowNode> ConsumersOf(string name) => Nodes.Where(node => node.Needs.Contains(name));

    /// <summary>The floating nodes behind one floating executor that nobody needs.</summary>
    /// <param name="root">The first floating executor.</param>
    public IReadOnlyList<string> FloatingLeavesOf(string root) =>
        [.. Nodes.Where(node => node.FloatingRoot == root && !ConsumersOf(node.Name).Any()).Select(node => node.Name)];

    /// <summary>
    /// Tells whether every document passes a node, so that a stream may go on from it document by document: no other branch is open beside
    /// it.
    /// </summary>
    /// <param name="node">The node.</param>
    public bool IsOnEveryRoad(FlowNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var before = Reach(node.Name, name => Nodes.First(one => one.Name == name).Needs.Where(need => need != Origin));
        var after = Reach(node.Name, name => ConsumersOf(name).Select(consumer => consumer.Name));
        return Nodes.All(other => other.IsFloating != node.IsFloating || before.Contains(other.Name) || after.Contains(other.Name));
    }

    private static HashSet<string> Reach(string start, Func<string, IEnumerable<string>> next)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Stack<string>([start]);
        while (waiting.TryPop(out var name))
        {
            if (reached.Add(name))
            {
                foreach (var neighbour in next(name))
                {
                    waiting.Push(neighbour);
                }
            }
        }

        return reached;
    }
}
