using FlowKit.TestKit;

namespace FlowKit.Runtime;

public sealed class TargetExecutorTests
{
    private static async Task<(FlowResponse Reply, string Called)> SendAsync(string target)
    {
        var script = new FlowScript();
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("exec0", "exec1", "other"), script);
        var reply = await flow.Runtime.SendAsync(new FlowRequest("/x", [new Document("1")]) { TargetExecutor = target }, default).WithTimeout();
        return (reply, string.Join(' ', script.Calls.Select(call => call.Executor)));
    }

    [Theory]
    [InlineData("", "exec0 exec1 other")]
    [InlineData("exec1", "exec1")]
    [InlineData("exec", "exec0 exec1")]
    [InlineData("exec(1|2)|o", "exec1 other")]
    [InlineData("xec", "")]
    [InlineData("nomatch", "")]
    public async Task A_pattern_is_matched_from_the_start_of_the_name_and_all_are_listed(string target, string called)
    {
        var (reply, actual) = await SendAsync(target);

        Assert.Null(reply.Error);
        Assert.Equal(called, actual);
        Assert.Equal(["gateway", "exec0", "exec1", "other"], reply.Routes.Select(route => route.Executor));
        Assert.Equal(called, string.Join(' ', reply.Routes.Skip(1).Where(route => route.End is not null).Select(route => route.Executor)));
    }

    [Fact]
    public async Task An_invalid_pattern_is_the_callers_mistake()
    {
        var (reply, called) = await SendAsync("(");

        Assert.Equal((FlowErrorCode.InvalidArgument, null), (reply.Error!.Code, reply.Error.Executor));
        Assert.Contains("target_executor: '('", reply.Error.Message, StringComparison.Ordinal);
        Assert.Empty(called);
    }

    [Fact]
    public async Task A_pattern_that_explodes_is_cut_off()
    {
        await using var flow = await TestFlow.StartAsync(FlowText.Chain(new string('a', 60)));

        var reply = await flow.Runtime.SendAsync(new FlowRequest("/x", []) { TargetExecutor = "(a+)+b" }, default).WithTimeout();

        Assert.Equal(FlowErrorCode.InvalidArgument, reply.Error!.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData(", shards: 2, polling: all")]
    [InlineData(", shards: 2, polling: any")]
    public async Task It_is_cut_off_as_the_callers_mistake_also_behind_an_executor_that_is_meant(string settings)
    {
        var script = new FlowScript();
        await using var flow = await TestFlow.StartAsync(FlowText.Graph(("first", "gateway"), ($"{new string('a', 60)}{settings}", "first"), ("last", new string('a', 60))), script);

        var reply = await flow.Runtime.SendAsync(new FlowRequest("/x", [new Document("1")]) { TargetExecutor = "first|(a+)+b|last" }, default).WithTimeout();

        Assert.Equal((FlowErrorCode.InvalidArgument, null), (reply.Error!.Code, reply.Error.Executor));
        Assert.Equal("target_executor: 'first|(a+)+b|last' takes too long to match.", reply.Error.Message);
        Assert.Equal(["first"], script.Calls.Select(call => call.Executor));
    }
}
