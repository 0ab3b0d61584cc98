using FlowKit.Configuration;
using FlowKit.TestKit;

namespace FlowKit.Graph;

public sealed class FlowGraphBuilderTests
{
    private static FlowGraph Build(params (string Node, string Needs)[] nodes) =>
        FlowGraphBuilder.Build(FlowConfigReader.ReadText(FlowText.Graph(nodes), "flow.yml"));

    [Fact]
    public void Every_node_stands_after_what_it_needs()
    {
        var graph = Build(("d", "b, c"), ("b", "a"), ("c", "a"), ("a", "gateway"));

        Assert.Equal(["a", "b", "c", "d"], graph.Nodes.Select(node => node.Name));
        Assert.Equal(["d"], graph.Leaves);
        Assert.Equal(["b", "c"], graph.ConsumersOf("a").Select(node => node.Name));
        Assert.Equal(["a"], graph.ConsumersOf(FlowGraph.Origin).Select(node => node.Name));
    }

    [Fact]
    public void Nodes_that_nobody_needs_are_the_leaves()
    {
        Assert.Equal(["b", "c"], Build(("a", "gateway"), ("b", "a"), ("c", "gateway")).Leaves);
    }

    [Fact]
    public void A_need_named_twice_by_host_code_is_one_edge()
    {
        var config = FlowConfigReader.ReadText(FlowText.Chain("a", "b"), "flow.yml");
        var doubled = config with { Executors = [config.Executors[0], config.Executors[1] with { Needs = ["a", "a"] }] };

        Assert.Equal(["a"], FlowGraphBuilder.Build(doubled).Nodes[1].Needs);
    }
}
