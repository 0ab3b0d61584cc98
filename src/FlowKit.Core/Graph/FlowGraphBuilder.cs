using System.Diagnostics;
using FlowKit.Configuration;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Flow;

namespace FlowKit.Graph;

/// <summary>Turns a validated configuration into a graph.</summary>
public static class FlowGraphBuilder
{
    /// <summary>Builds the graph; the reader has already refused missing needs and cycles.</summary>
    /// <param name="config">A configuration that <see cref="FlowConfigReader"/> accepted.</param>
    /// <exception cref="FlowConfigException">Floating and other branches are joined.</exception>
    public static FlowGraph Build(FlowConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var waiting = config.Executors.Where(executor => !executor.Inspects || config.Inspect != InspectMode.Remove).ToList();
        var placed = new Dictionary<string, FlowNode>(StringComparer.Ordinal);
        var ordered = new List<FlowNode>(waiting.Count);
        while (waiting.Count > 0)
        {
            var next = waiting.Find(executor => executor.Needs.All(need => need == FlowGraph.Origin || placed.ContainsKey(need)))
                ?? throw new UnreachableException($"No order exists for "
                    + $"{string.Join(", ", waiting.Select(executor => executor.Name))}: the validators let a cycle pass. This is a bug.");
            waiting.Remove(next);
            var node = new FlowNode(next, [.. next.Needs.Distinct(StringComparer.Ordinal)], RootOf(next, config, placed));
            placed.Add(next.Name, node);
            ordered.Add(node);
        }

        var needed = ordered.Where(node => !node.IsFloating).SelectMany(node => node.Needs).ToHashSet(StringComparer.Ordinal);
        var leaves = ordered.Where(
            node =>
                !node.IsFloating && !needed.Contains(node.Name)).OrderBy(node => node.Config.Inspects).Select(node => node.Name).ToList();
        return new FlowGraph(ordered, leaves.Count > 0 ? leaves : [FlowGraph.Origin]);
    }

    /// <summary>Lets what follows a floating executor float with it, as the request that no reply waits for.</summary>
    private static string? RootOf(ExecutorConfig executor, FlowConfig config, Dictionary<string, FlowNode> placed)
    {
        var roots = executor.Needs.Select(
            need => need == FlowGraph.Origin ? null : placed[need].FloatingRoot).Distinct(StringComparer.Ordinal).ToList();
        if (roots is [null])
        {
            return executor.Floating || (executor.Inspects && config.Inspect == InspectMode.Hang) ? executor.Name : null;
        }

        return roots is [{ } root]
            ? root
            : throw new FlowConfigException([new ConfigError(
                executor.Place,
                $"executors.{executor.Name}.needs",
                $"joins what floats with what does not, or two that float apart: "
                    + $"{string.Join(", ", executor.Needs.Select(Describe))} → {executor.Name}")]);

        string Describe(string need) => need != FlowGraph.Origin && placed[need].IsFloating ? $"{need} (floating)" : need;
    }
}
