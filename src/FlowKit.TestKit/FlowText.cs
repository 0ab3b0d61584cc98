namespace FlowKit.TestKit;

/// <summary>Writes small flows of <see cref="ScriptedExecutor"/>s as YAML.</summary>
public static class FlowText
{
    /// <summary>Executors one after another.</summary>
    /// <param name="names">Their names.</param>
    public static string Chain(params string[] names) =>
        Graph([.. names.Select((name, index) => (name, index == 0 ? "gateway" : names[index - 1]))]);

    /// <summary>Executors with what each needs.</summary>
    /// <param name="nodes">
    /// A name, perhaps with more keys after a comma (<c>a, replicas: 2</c>), and the names it needs, separated by commas.
    /// </param>
    public static string Graph(params (string Node, string Needs)[] nodes) =>
        "jtype: Flow\nexecutors:\n" + string.Concat(
            nodes.Select(node => $"  - {{name: {node.Node}, uses: Scripted, needs: [{node.Needs}]}}\n"));

    /// <summary>The same flow with gateway settings.</summary>
    /// <param name="flow">A flow.</param>
    /// <param name="settings">For example <c>capacity: 2, timeout_stop: 1s</c>.</param>
    public static string WithGateway(this string flow, string settings) => $"{flow}gateway: {{{settings}}}\n";
}
