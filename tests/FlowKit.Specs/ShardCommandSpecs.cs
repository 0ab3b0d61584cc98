using FlowKit.Specs.Running;

namespace FlowKit.Specs;

/// <summary>What <c>flowkit executor</c> says of shards that do not fit, and of other keys of an entry.</summary>
public sealed class ShardCommandSpecs
{
    [Theory]
    [InlineData("--shards 3", "--shards: which of them it is says '--shard'.")]
    [InlineData("--shard 3 --shards 3", "--shard: expected 0 to 2, for 3 shards (--shards).")]
    [InlineData("--shard 1", "--shard: expected 0 to 0, for 1 shards (--shards).")]
    [InlineData("--shard 0 --shards 0", "--shards: expected 1 to 1024.")]
    [InlineData("--uses-requests words", "--uses-requests: expected a JSON object.")]
    [InlineData("--uses-dynamic-batching []", "--uses-dynamic-batching: expected a JSON object.")]
    public async Task What_does_not_fit_is_wrong_use(string arguments, string message)
    {
        var result = await FlowKitCommand.RunAsync(["executor", "--uses", "ClipTextEncoder", .. arguments.Split(' ')]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2", "FLOWKIT_EXECUTOR_SHARD: expected 0 to 1, for 2 shards (--shards).")]
    [InlineData("indexer-1", "FLOWKIT_EXECUTOR_SHARD: expected the number of a shard, from 0, not 'indexer-1'.")]
    public async Task The_variable_is_checked_as_the_option(string value, string message)
    {
        var start = FlowKitCommand.StartInfo(["executor", "--uses", "ClipTextEncoder", "--shards", "2"]);
        start.Environment["FLOWKIT_EXECUTOR_SHARD"] = value;

        var result = await FlowKitCommand.RunAsync(start);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_variable_of_a_pod_says_which_shard_it_is()
    {
        using var folder = new TemporaryFolder();
        var start = FlowKitCommand.StartInfo(
            ["executor", "--workspace", folder.Path, "--uses", Repository.At("flows/hello/Upper.cs"), "--shards", "2", "--uses-requests", """{"/words": "Run"}"""]);
        start.Environment["FLOWKIT_EXECUTOR_SHARD"] = "1";
        await using var worker = await RunningFlow.StartExecutorAsync(start);

        Assert.Contains(", shard 1 of 2, answers ", worker.Log, StringComparison.Ordinal);
        Assert.Contains("/words", worker.Log, StringComparison.Ordinal);
    }
}
