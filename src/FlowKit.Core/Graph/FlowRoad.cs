namespace FlowKit.Graph;

/// <summary>
/// Writes the way of documents through some of a graph's nodes: <c>a → (b → c | d) → e</c>, branches between bars, and <c>~ f</c> for what
/// floats beside it.
/// </summary>
internal sealed class FlowRoad
{
    private const string Then = " → ";

    private readonly Dictionary<string, HashSet<string>> _before = new(StringComparer.Ordinal);

    private FlowRoad(FlowGraph graph)
    {
        foreach (var node in graph.Nodes)
        {
            var before = node.Needs.Where(_before.ContainsKey).ToHashSet(StringComparer.Ordinal);
            before.UnionWith(before.ToList().SelectMany(need => _before[need]));
            _before.Add(node.Name, before);
        }
    }

    /// <summary>Writes it.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="names">Those of its nodes that work; others are passed by.</param>
    public static string Of(FlowGraph graph, IReadOnlyCollection<string> names)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var road = new FlowRoad(graph);
        var working = graph.Nodes.Where(node => names.Contains(node.Name)).ToLookup(node => node.FloatingRoot ?? "", node => node.Name);
        var waited = road.Write([.. working[""]]);
        var floating = working.Where(group => group.Key.Length > 0).Select(group => $"~ {road.Write([.. group])}");
        return string.Join(' ', floating.Prepend(waited)).Trim();
    }

    private string Write(List<string> nodes)
    {
        List<string> parts = [];
        List<string> block = [];
        foreach (var node in nodes)
        {
            // All documents pass a node that stands before or behind every other.
            if (nodes.TrueForAll(other => other == node || AreInLine(node, other)))
            {
                Close();
                parts.Add(node);
            }
            else
            {
                block.Add(node);
            }
        }

        Close();
        return string.Join(Then, parts);

        void Close()
        {
            if (block.Count > 0)
            {
                parts.Add(WriteBranches(block));
                block = [];
            }
        }
    }

    /// <summary>Branches that are joined crosswise have no order that could be written in one line, and stand side by side.</summary>
    private string WriteBranches(List<string> block)
    {
        var branches = new List<List<string>>();
        foreach (var node in block)
        {
            var joined = branches.Where(branch => branch.Exists(other => AreInLine(node, other))).ToList();
            branches.RemoveAll(joined.Contains);
            branches.Add([.. joined.SelectMany(branch => branch), node]);
        }

        return branches is [var only]
            ? $"({string.Join(", ", only)})"
            : $"({string.Join(" | ", branches.OrderBy(branch => block.IndexOf(branch[0])).Select(Write))})";
    }

    private bool AreInLine(string left, string right) => _before[left].Contains(right) || _before[right].Contains(left);
}
