using System.Text.Json.Nodes;

namespace FlowKit.Executors;

public sealed class ParametersTests
{
    [Theory]
    [InlineData("10", 10)]
    [InlineData("10.0", 10)]
    [InlineData("\"10\"", 10)]
    [InlineData("null", 5)]
    public void A_whole_number_is_read_however_the_wire_spelt_it(string json, int expected) => Assert.Equal(expected, Of($"{{\"limit\": {json}}}").Get("limit", 5));

    [Theory]
    [InlineData("10.5")]
    [InlineData("\"ten\"")]
    [InlineData("[1]")]
    public void Anything_else_is_an_error_that_names_the_field(string json)
    {
        var error = Assert.Throws<FlowKitException>(() => Of($"{{\"limit\": {json}}}").Get("limit", 5));

        Assert.Equal(FlowErrorCode.InvalidArgument, error.Error.Code);
        Assert.Contains("parameters.limit", error.Message, StringComparison.Ordinal);
        Assert.Contains("whole number", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_value_is_cut_in_the_error()
    {
        var error = Assert.Throws<FlowKitException>(() => Of($$"""{"limit": [{{string.Join(',', Enumerable.Repeat("1.5", 10_000))}}]}""").Get("limit", 5));

        Assert.StartsWith("parameters.limit: [1.5,1.5", error.Message, StringComparison.Ordinal);
        Assert.Contains("… (40001 characters)", error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Message.Length, 80, 200);
    }

    [Fact]
    public void A_class_is_bound_from_snake_case_and_unknown_names_are_left_to_others()
    {
        var bound = (Sample)Of("""{"top_k": 3, "other__x": 1}""").Bind(typeof(Sample));

        Assert.Equal(3, bound.TopK);
    }

    [Fact]
    public void A_class_with_a_wrong_value_names_the_field()
    {
        var error = Assert.Throws<FlowKitException>(() => Of("""{"top_k": "many"}""").Bind(typeof(Sample)));

        Assert.Contains("parameters.top_k", error.Message, StringComparison.Ordinal);
    }

    private static Parameters Of(string json) => new((JsonObject)JsonNode.Parse(json)!);

    public sealed class Sample
    {
        public int TopK { get; set; }
    }
}
