using System.Text.Json.Nodes;

namespace FlowKit.Routing;

/// <summary>As recorded from Jina: what the gateway sends on to exec1 of what the caller said.</summary>
public sealed class ExecutorParametersTests
{
    private static string For(string executor, string json) =>
        ExecutorParameters.For(executor, new Parameters(JsonNode.Parse(json)!.AsObject())).Values.ToJsonString();

    [Theory]
    [InlineData("""{"top_k":10}""", """{"top_k":10}""")]
    [InlineData("""{"top_k":10,"exec0__a":1}""", """{"top_k":10}""")]
    [InlineData("""{"exec1__a":1,"a":0}""", """{"a":1}""")]
    [InlineData("""{"exec1__a__b":1}""", """{"a__b":1}""")]
    [InlineData("""{"exec1":{"merged":true,"top_k":2},"top_k":1}""", """{"exec1":{"merged":true,"top_k":2},"top_k":2,"merged":true}""")]
    [InlineData("""{"exec0":{"merged":true}}""", """{"exec0":{"merged":true}}""")]
    [InlineData("""{"exec1":5}""", """{"exec1":5}""")]
    [InlineData("""{"__results__":{},"exec0__x":1}""", """{"__results__":{}}""")]
    public void An_executor_sees_what_is_meant_for_all_or_for_itself(string all, string seen) => Assert.Equal(seen, For("exec1", all));

    [Fact]
    public void Parameters_for_all_are_passed_on_as_they_are()
    {
        var parameters = new Parameters(new JsonObject { ["top_k"] = 1 });

        Assert.Same(parameters, ExecutorParameters.For("a", parameters));
    }

    [Fact]
    public void The_callers_own_are_not_changed()
    {
        var parameters = new Parameters(JsonNode.Parse("""{"a__x":{"y":1},"b":2}""")!.AsObject());

        ExecutorParameters.For("a", parameters).Values["x"]!["y"] = 5;

        Assert.Equal("""{"a__x":{"y":1},"b":2}""", parameters.Values.ToJsonString());
    }
}
