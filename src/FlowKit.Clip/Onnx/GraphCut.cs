namespace FlowKit.Clip.Onnx;

/// <summary>Cuts one tower out of a graph that holds both, so that a text does not cost a picture.</summary>
internal static class GraphCut
{
    /// <summary>The graph with only what <paramref name="output"/> needs.</summary>
    /// <param name="model">The whole graph; it is changed.</param>
    /// <param name="output">The output to keep.</param>
    internal static ModelProto Keep(ModelProto model, string output)
    {
        var graph = model.Graph;
        var makers = graph.Node
            .SelectMany(static node => node.Output, static (node, name) => (node, name))
            .Where(static made => made.name.Length > 0)
            .ToDictionary(static made => made.name, static made => made.node);
        var needed = new HashSet<string>(StringComparer.Ordinal);
        var kept = new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        var waiting = new Stack<string>([output]);
        while (waiting.TryPop(out var name))
        {
            if (needed.Add(name) && makers.TryGetValue(name, out var node) && kept.Add(node))
            {
                foreach (var input in Inputs(node))
                {
                    waiting.Push(input);
                }
            }
        }

        Retain(graph.Node, kept.Contains);
        Retain(graph.Initializer, tensor => needed.Contains(tensor.Name));
        Retain(graph.Input, value => needed.Contains(value.Name));
        Retain(graph.Output, value => value.Name == output);
        Retain(graph.ValueInfo, value => needed.Contains(value.Name));
        return model;
    }

    /// <summary>Returns the names of the values that a node reads, including those that the graphs inside it read from outside.</summary>
    private static IEnumerable<string> Inputs(NodeProto node) => node.Input.Concat(
        node.Attribute
            .SelectMany(static attribute => attribute.G is { } graph ? attribute.Graphs.Append(graph) : attribute.Graphs)
            .SelectMany(static graph => graph.Node.SelectMany(Inputs)));

    private static void Retain<T>(Google.Protobuf.Collections.RepeatedField<T> list, Func<T, bool> keep)
    {
        var kept = list.Where(keep).ToList();
        list.Clear();
        list.AddRange(kept);
    }
}
