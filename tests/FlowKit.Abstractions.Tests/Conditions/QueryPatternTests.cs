using System.Text.Json.Nodes;

namespace FlowKit.Conditions;

public sealed class QueryPatternTests
{
    [Theory]
    [InlineData("cat", "a cat sat", true)]
    [InlineData("^cat", "a cat sat", false)]
    [InlineData("(?i)CAT", "a cat", true)]
    [InlineData(@"(?P<a>.)(?P=a)", "book", true)]
    [InlineData(@"(?P<a>.)(?P=a)", "bok", false)]
    [InlineData(@"end\Z", "end\n", false)]
    [InlineData(@"end$", "end\n", true)]
    [InlineData(@"\(\?P<", "(?P<", true)]
    [InlineData(@"^(?!dog)", "cat", true)]
    public void A_pattern_means_what_it_means_in_Python(string pattern, string text, bool expected)
    {
        Assert.Equal(expected, Condition(pattern).Matches(new Document { Text = text }));
    }

    [Fact]
    public void A_pattern_that_would_backtrack_for_ever_is_linear()
    {
        Assert.False(Condition("^(a+)+$").Matches(new Document { Text = new string('a', 5_000) + "b" }));
    }

    [Fact]
    public void A_pattern_that_needs_backtracking_is_stopped()
    {
        var exception = Assert.Throws<FlowKitException>(() => Condition(@"^(a+)+\1$").Matches(new Document("slow") { Text = new string('a', 40) + "b" }));

        Assert.Contains("took longer than 250 ms for the document 'slow'", exception.Message, StringComparison.Ordinal);
    }

    private static DocumentCondition Condition(string pattern) =>
        DocumentCondition.Parse(new JsonObject { ["text"] = new JsonObject { ["$regex"] = pattern } });
}
