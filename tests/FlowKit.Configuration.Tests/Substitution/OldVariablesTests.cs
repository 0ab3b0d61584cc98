using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Flow;

namespace FlowKit.Configuration.Substitution;

/// <summary>Jina's old variables, <c>$X</c> and <c>${X}</c>.</summary>
public sealed class OldVariablesTests
{
    private static FlowConfig Read(string title) => FlowConfigReader.ReadText(
        $"jtype: Flow\ngateway:\n  title: {title}\n", "flow.yml", new FlowReadOptions { Environment = name => name is "A" ? "one" : null });

    [Theory]
    [InlineData("$A", "one")]
    [InlineData("${A}", "one")]
    [InlineData("'$A'", "one")]
    [InlineData("$A/two", "one/two")]
    [InlineData("two/${A}/$A", "two/one/one")]
    public void What_is_set_is_read_with_one_warning_at_its_place(string written, string expected)
    {
        var config = Read(written);

        Assert.Equal(expected, config.Gateway.Title);
        var warning = Assert.Single(config.Warnings);
        Assert.Equal((3, 10, "gateway.title"), (warning.Place.Line, warning.Place.Column, warning.Key));
        Assert.Contains("write ${{ ENV.NAME }}", warning.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("costs $5")]
    [InlineData("a $B c")]
    [InlineData("'$B'")]
    [InlineData("^a$")]
    public void Other_text_stays(string written)
    {
        var config = Read(written);

        Assert.Equal(written.Trim('\''), config.Gateway.Title);
        Assert.Empty(config.Warnings);
    }

    [Theory]
    [InlineData("$B")]
    [InlineData("${B}/x")]
    public void What_is_nothing_but_a_variable_that_is_not_set_is_refused(string written) =>
        Assert.Contains("the environment variable B is not set", Assert.Throws<FlowConfigException>(() => Read(written)).Message, StringComparison.Ordinal);
}
