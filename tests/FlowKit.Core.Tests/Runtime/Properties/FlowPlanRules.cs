namespace FlowKit.Runtime.Properties;

/// <summary>Makes of a drawn or shrunk plan one that a flow may have.</summary>
internal static class FlowPlanRules
{
    public static FlowPlan Keep(FlowPlan plan)
    {
        var nodes = new List<NodePlan>();
        var roots = new List<int?>();
        foreach (var drawn in plan.Nodes)
        {
            var node = WithTimeout(drawn with { Needs = NeedsOf(drawn, roots) });
            var root = RootOf(node.Needs[0], roots);
            roots.Add(root ?? (node.Floats ? nodes.Count : null));
            nodes.Add(root is null ? node : node with { Floats = true });
        }

        return plan with { Nodes = nodes, Requests = [.. plan.Requests.Select(request => Within(request, nodes.Count))] };
    }

    /// <summary>What floats cannot be joined with what does not, nor with what floats apart.</summary>
    private static List<int> NeedsOf(NodePlan node, List<int?> roots)
    {
        var needs = node.Needs.Where(need => need < roots.Count).Distinct().DefaultIfEmpty(NodePlan.Gateway).ToList();
        return needs.FindAll(need => RootOf(need, roots) == RootOf(needs[0], roots));
    }

    private static int? RootOf(int need, List<int?> roots) => need == NodePlan.Gateway ? null : roots[need];

    /// <summary>Only a limit gets a flow past a call that hangs.</summary>
    private static NodePlan WithTimeout(NodePlan node) =>
        node.Trouble is Trouble.Hangs or Trouble.Lingers ? node with { Timeout = node.Timeout ?? 10 } : node with { Timeout = null };

    private static RequestPlan Within(RequestPlan request, int nodes) => request with
    {
        Target = request.Target < nodes ? request.Target : null,
        Documents = [.. request.Documents.Select(document => document.Poison < nodes ? document : document with { Poison = -1 })],
    };
}
