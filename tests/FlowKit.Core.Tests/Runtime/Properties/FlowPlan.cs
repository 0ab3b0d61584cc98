namespace FlowKit.Runtime.Properties;

/// <summary>A drawn flow with the requests that are sent to it.</summary>
/// <param name="Nodes">Its executors; each needs only what stands before it.</param>
/// <param name="Requests">What is sent, all at once.</param>
/// <param name="Capacity">How many requests the gateway lets in at once.</param>
/// <param name="Stop">When it is stopped.</param>
internal sealed record FlowPlan(IReadOnlyList<NodePlan> Nodes, IReadOnlyList<RequestPlan> Requests, int Capacity, StopMoment Stop)
{
    /// <summary>For each node the first floating one on the way to it, perhaps itself; <see langword="null"/> on the main road.</summary>
    public IReadOnlyList<int?> Roots
    {
        get
        {
            var roots = new int?[Nodes.Count];
            for (var node = 0; node < roots.Length; node++)
            {
                var need = Nodes[node].Needs[0];
                roots[node] = need == NodePlan.Gateway || roots[need] is null ? (Nodes[node].Floats ? node : null) : roots[need];
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
}
