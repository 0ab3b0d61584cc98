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
        var written = config.Executors.Where(executor => !executor.Inspects || config.Inspect != InspectMode.Remove).ToList();
        var ordered = Order(written);
        var ends = new FlowEnds(ordered, written, Floats);
        var placed = new Dictionary<string, FlowNode>(StringComparer.Ordinal);
        foreach (var next in ordered)
        {
            var root = RootOf(next, Floats(next) || ends.Floats(next.Name), placed);
            placed.Add(next.Name, new FlowNode(next, [.. next.Needs.Distinct(StringComparer.Ordinal)], root));
        }

        return new FlowGraph([.. ordered.Select(executor => placed[executor.Name])], ends.Reply.Count > 0 ? ends.Reply : [FlowGraph.Origin])
        {
            AwaitedLeaves = ends.Awaited,
        };

        bool Floats(ExecutorConfig executor) => executor.Floating || (executor.Inspects && config.Inspect == InspectMode.Hang);
    }

    private static List<ExecutorConfig> Order(IEnumerable<ExecutorConfig> written)
    {
        var waiting = written.ToList();
        var ordered = new List<ExecutorConfig>(waiting.Count);
        var placed = new HashSet<string>(StringComparer.Ordinal) { FlowGraph.Origin };
        while (waiting.Count > 0)
        {
            var next = waiting.Find(executor => executor.Needs.All(placed.Contains))
                ?? throw new UnreachableException($"No order exists for "
                    + $"{string.Join(", ", waiting.Select(executor => executor.Name))}: the validators let a cycle pass. This is a bug.");
            waiting.Remove(next);
            ordered.Add(next);
            placed.Add(next.Name);
        }

        return ordered;
    }

    /// <summary>Lets what follows a floating executor float with it, as the request that no reply waits for.</summary>
    private static string? RootOf(ExecutorConfig executor, bool floats, Dictionary<string, FlowNode> placed)
    {
        var roots = executor.Needs.Select(
            need => need == FlowGraph.Origin ? null : placed[need].FloatingRoot).Distinct(StringComparer.Ordinal).ToList();
        if (roots is [null])
        {
            return floats ? executor.Name : null;
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
