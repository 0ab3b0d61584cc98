namespace FlowKit.Errors;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("use", "uses")]
    [InlineData("prot", "port")]
    [InlineData("modle", "model")]
    [InlineData("metric", "metrics")]
    [InlineData("limt", "limit")]
    [InlineData("LIMIT", "limit")]
    [InlineData("replcias", "replicas")]
    [InlineData("zzz", null)]
    [InlineData("", null)]
    [InlineData("portable", null)]
    public void The_name_that_was_meant_comes_first(string given, string? expected) =>
        Assert.Equal(expected, NearestName.Find(given, ["user", "uses", "port", "host", "model", "metrics", "limit", "replicas", "proto3"]));
}
