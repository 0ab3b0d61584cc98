using System.Text.Json.Nodes;

namespace FlowKit.Executors;

public sealed class ParameterKindTests
{
    [Fact]
    public void A_value_of_another_kind_is_named_by_what_was_expected()
    {
        var parameters = new Parameters((JsonObject)JsonNode.Parse("""{"a": [1], "b": "yes", "c": {"x": 1}, "d": "Friday"}""")!);

        AssertExpects("parameters.a: [1] is not a valid number", () => parameters.Get<float?>("a"));
        AssertExpects("parameters.a: [1] is not a valid number", () => parameters.Get<double>("a"));
        AssertExpects("""parameters.b: "yes" is not a valid true or false""", () => parameters.Get<bool>("b"));
        AssertExpects("""parameters.c: {"x":1} is not a valid text""", () => parameters.Get<string>("c"));
        AssertExpects("""parameters.c: {"x":1} is not a valid whole number""", () => parameters.Get<long>("c"));
        AssertExpects("""parameters.d: "Friday" is not a valid DateTime""", () => parameters.Get<DateTime?>("d"));
    }

    [Theory]
    [InlineData("3000000000")]
    [InlineData("1e300")]
    public void A_number_that_is_too_large_for_a_whole_one_is_refused(string json)
    {
        var parameters = new Parameters((JsonObject)JsonNode.Parse($$"""{"limit": {{json}}}""")!);

        AssertExpects("is not a valid whole number", () => parameters.Get<int>("limit"));
    }

    [Fact]
    public void Nothing_said_is_the_fallback_and_an_empty_class()
    {
        var parameters = new Parameters();

        Assert.True(parameters.IsEmpty);
        Assert.Equal(7, parameters.Get("limit", 7));
        Assert.Equal(10, ((Sample)parameters.Bind(typeof(Sample))).Limit);
        parameters.Values["limit"] = 3.0;
        Assert.False(parameters.IsEmpty);
        Assert.Equal(3L, parameters.Get<long?>("limit"));
    }

    [Fact]
    public void What_a_class_cannot_be_bound_from_names_the_field_or_none()
    {
        AssertExpects("parameters.limit is not valid", () => new Parameters(new JsonObject { ["limit"] = "ten" }).Bind(typeof(Sample)));
        AssertExpects("parameters.limit is not valid: expected a whole number, not \"ten\".", () => new Parameters(new JsonObject { ["limit"] = "ten" }).Bind(typeof(Sample)));
        AssertExpects("parameters.? is not valid", () => new Parameters(new JsonObject()).Bind(typeof(int)));
    }

    private static void AssertExpects(string message, Func<object?> read)
    {
        var error = Assert.Throws<FlowKitException>(read).Error;
        Assert.Equal(FlowErrorCode.InvalidArgument, error.Code);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    public sealed class Sample
    {
        public int Limit { get; set; } = 10;
    }
}
