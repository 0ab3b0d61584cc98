namespace Aspire.Hosting.Flows;

public sealed class UnknownValuesTests
{
    [Fact]
    public void A_value_is_the_one_that_is_given_or_a_text_that_stands_for_it()
    {
        var values = new UnknownValues(new Dictionary<string, string?> { ["model"] = "small", ["key"] = null }, isAll: true);

        Assert.Equal("small", values["model"]);
        Assert.NotEmpty(values["key"]);
        Assert.Equal(["model", "key"], values.Keys);
        Assert.Equal(2, values.Count);
        Assert.Equal(values.Values, values.Select(pair => pair.Value));
        Assert.True(values.ContainsKey("key"));
        Assert.False(values.TryGetValue("other", out _));
        Assert.Throws<KeyNotFoundException>(() => values["other"]);
    }

    [Fact]
    public void A_variable_of_the_environment_need_not_be_set()
    {
        var values = new UnknownValues(new Dictionary<string, string?>(), isAll: false);

        Assert.Equal(Environment.GetEnvironmentVariable("PATH"), values.Find("PATH"));
        Assert.NotNull(values.Find("FLOWKIT_UNSET"));
        Assert.True(values.ContainsKey("more"));
        Assert.NotEmpty(values["more"]);
    }
}
