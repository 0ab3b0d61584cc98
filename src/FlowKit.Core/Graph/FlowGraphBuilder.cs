using System.Diagnostics;
using FlowKit.Configuration;

namespace FlowKit.Graph;

/// <summary>Turns a validated configuration into a graph.</summary>
public static class FlowGraphBuilder
{
    /// <summary>Builds the graph; the reader has already refused missing needs and cycles.</summary>
    /// <param name="config">A configuration that <see cref="FlowConfigReader"/> accepted.</param>
    public static FlowGraph Build(FlowConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var waiting = config.Executors.Select(executor => new FlowNode(executor, [.. executor.Needs.Distinct(StringComparer.Ordinal)])).ToList();
        var placed = new HashSet<string>(StringComparer.Ordinal) { FlowGraph.Origin };
        var ordered = new List<FlowNode>(waiting.Count);
        while (waiting.Count > 0)
        {
            var next = waiting.Find(node => node.Needs.All(placed.Contains))
                ?? throw new UnreachableException($"No order exists for {string.Join(", ", waiting.Select(node => node.Name))}: the validators let a cycle pass. This is a bug.");
            waiting.Remove(next);
            placed.Add(next.Name);
            ordered.Add(next);
        }

        var needed = ordered.SelectMany(node => node.Needs).ToHashSet(StringComparer.Ordinal);
        var leaves = ordered.Where(node => !needed.Contains(node.Name)).Select(node => node.Name).ToList();
        return new FlowGraph(ordered, leaves.Count > 0 ? leaves : [FlowGraph.Origin]);
    }
}
