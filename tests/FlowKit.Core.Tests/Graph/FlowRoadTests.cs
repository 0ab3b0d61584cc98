using FlowKit.Configuration;
using FlowKit.TestKit;

namespace FlowKit.Graph;

/// <summary>The way through a graph in one line.</summary>
public sealed class FlowRoadTests
{
    [Theory]
    [InlineData("a<gateway b<a c<b", "a b c", "a → b → c")]
    [InlineData("a<gateway b<a c<b", "a c", "a → c")]
    [InlineData("d<gateway i<d t<gateway x<i,t r<x", "d i t x r", "(d → i | t) → x → r")]
    [InlineData("d<gateway i<d t<gateway x<i,t r<x", "t x", "t → x")]
    [InlineData("a<gateway b<a c<a d<b,c", "a b c d", "a → (b | c) → d")]
    [InlineData("a<gateway b<a c<a d<b,c", "b c", "(b | c)")]
    [InlineData("a<gateway b<gateway c<a,b d<b e<c,d", "a b c d e", "(a, b, c, d) → e")]
    [InlineData("a<gateway b<gateway c<gateway d<a,b e<c,d", "a b c d e", "((a | b) → d | c) → e")]
    [InlineData("a<gateway b<a", "", "")]
    [InlineData("a<gateway !j<a b<a", "a j b", "a → b ~ j")]
    [InlineData("!j<gateway", "j", "~ j")]
    public void Branches_stand_between_bars_and_what_floats_behind_a_tilde(string nodes, string working, string expected)
    {
        var yaml = FlowText.Graph([.. nodes.Split(' ').Select(node => node.Split('<'))
            .Select(node => (node[0].StartsWith('!') ? $"{node[0][1..]}, floating: true" : node[0], node[1]))]);
        var graph = FlowGraphBuilder.Build(FlowConfigReader.ReadText(yaml, "flow.yml", new FlowReadOptions { BaseDirectory = "/" }));

        Assert.Equal(expected, FlowRoad.Of(graph, working.Split(' ')));
    }
}
