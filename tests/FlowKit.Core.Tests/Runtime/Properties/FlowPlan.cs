namespace FlowKit.Runtime.Properties;

/// <summary>A drawn flow with the requests that are sent to it.</summary>
/// <param name="Nodes">Its executors; each needs only what stands before it.</param>
/// <param name="Requests">What is sent, all at once.</param>
/// <param name="Capacity">How many requests the gateway lets in at once.</param>
/// <param name="Stop">When it is stopped.</param>
internal sealed record FlowPlan(IReadOnlyList<NodePlan> Nodes, IReadOnlyList<RequestPlan> Requests, int Capacity, StopMoment Stop)
{
    /// <summary>The node whose documents make the reply: the last that does not say it floats.</summary>
    public int Reply
    {
        get
        {
            var said = SaidRoots();
            return Array.FindLastIndex(said, root => root is null) is >= 0 and var last ? last : NodePlan.Gateway;
        }
    }

    /// <summary>For each node the first floating one on the way to it, perhaps itself; <see langword="null"/> where the reply waits for it.</summary>
    public IReadOnlyList<int?> Roots
    {
        get
        {
            var roots = SaidRoots();
            var road = Reply == NodePlan.Gateway ? 0 : Roads[Reply];
            var beside = Enumerable.Range(0, Nodes.Count).Where(node => roots[node] is null && (road & (1 << node)) == 0).ToList();
            foreach (var group in beside.GroupBy(node => GroupOf(node, beside)))
            {
                var entries = group.Where(node => !Nodes[node].Needs.All(beside.Contains)).ToList();
                var isJoined = Nodes.Where((_, node) => !group.Contains(node)).Any(node => node.Needs.Any(group.Contains) && !node.Needs.All(group.Contains));
                foreach (var node in group.Where(_ => entries.Count == 1 && !isJoined))
                {
                    roots[node] = entries[0];
                }
            }

            for (var node = 0; node < roots.Length; node++)
            {
                roots[node] = Nodes[node].Needs[0] is not NodePlan.Gateway and var need && roots[need] is { } root ? root : roots[node];
            }

            return roots;
        }
    }

    /// <summary>For each node itself and all before it, as bits.</summary>
    public IReadOnlyList<int> Roads
    {
        get
        {
            var roads = new int[Nodes.Count];
            for (var node = 0; node < roads.Length; node++)
            {
                roads[node] = Nodes[node].Needs.Where(need => need != NodePlan.Gateway).Aggregate(1 << node, (road, need) => road | roads[need]);
            }

            return roads;
        }
    }

    public static string NameOf(int node) => $"n{node}";

    /// <summary>The number behind a name.</summary>
    public static int NumberOf(string name) => int.Parse(name.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The YAML of the flow and a line for each request.</summary>
    public override string ToString() => FlowPlanText.Write(this);

    private int?[] SaidRoots()
    {
        var roots = new int?[Nodes.Count];
        for (var node = 0; node < roots.Length; node++)
        {
            var need = Nodes[node].Needs[0];
            roots[node] = need == NodePlan.Gateway || roots[need] is null ? (Nodes[node].Floats ? node : null) : roots[need];
        }

        return roots;
    }

    /// <summary>The first of the nodes beside the road that needs join with one of them.</summary>
    private int GroupOf(int node, List<int> beside)
    {
        var group = new HashSet<int>();
        for (HashSet<int> more = [node]; more.Count > 0; more = [.. beside.Where(other => group.Any(one => Nodes[other].Needs.Contains(one) || Nodes[one].Needs.Contains(other))).Except(group)])
        {
            group.UnionWith(more);
        }

        return group.Min();
    }
}
