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
    public void Of_several_that_nobody_needs_the_last_makes_the_reply_and_the_others_float()
    {
        var graph = Build(("a", "gateway"), ("b", "a"), ("c", "gateway"));

        Assert.Equal(["c"], graph.Leaves);
        Assert.Equal(["a", "a", null], new[] { "a", "b", "c" }.Select(name => graph.Nodes.Single(node => node.Name == name).FloatingRoot));
    }

    [Fact]
    public void What_hangs_behind_the_road_floats_from_where_it_leaves_it()
    {
        var graph = Build(("a", "gateway"), ("b", "a"), ("c", "b"), ("d", "a"));

        Assert.Equal([null, "b", "b", null], new[] { "a", "b", "c", "d" }.Select(name => graph.Nodes.Single(node => node.Name == name).FloatingRoot));
        Assert.Equal(["d"], graph.Leaves);
    }

    [Fact]
    public void A_join_that_hangs_and_begins_in_two_places_is_awaited()
    {
        var graph = Build(("a", "gateway"), ("b", "gateway"), ("c", "a, b"), ("d", "gateway"));

        Assert.Equal(["d"], graph.Leaves);
        Assert.Equal(["c"], graph.AwaitedLeaves);
        Assert.All(graph.Nodes, node => Assert.False(node.IsFloating));
    }

    [Fact]
    public void A_flow_without_executors_gives_back_what_came()
    {
        var graph = FlowGraphBuilder.Build(FlowConfigReader.ReadText("jtype: Flow\n", "flow.yml"));

        Assert.Empty(graph.Nodes);
        Assert.Equal([FlowGraph.Origin], graph.Leaves);
    }

    [Fact]
    public void A_need_named_twice_by_host_code_is_one_edge()
    {
        var config = FlowConfigReader.ReadText(FlowText.Chain("a", "b"), "flow.yml");
        var doubled = config with { Executors = [config.Executors[0], config.Executors[1] with { Needs = ["a", "a"] }] };

        Assert.Equal(["a"], FlowGraphBuilder.Build(doubled).Nodes[1].Needs);
    }
}
