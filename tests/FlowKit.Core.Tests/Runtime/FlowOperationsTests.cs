using FlowKit.TestKit;

namespace FlowKit.Runtime;

/// <summary>What an operator does to a running flow.</summary>
public sealed class FlowOperationsTests
{
    [Fact]
    public async Task Requests_to_a_paused_executor_wait_and_then_go_on()
    {
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a", "b"));
        Assert.Null((await flow.SendAsync("warm").WithTimeout()).Error);
        flow.Runtime.Operations.Pause("b", true);
        flow.Runtime.Operations.Pause("b", true);

        var waiting = Enumerable.Range(0, 5).Select(i => flow.SendAsync($"{i}")).ToList();
        await TestTimeout.UntilAsync(() => flow.Runtime.QueueDepths["b"] == 5, "the requests before b");
        Assert.All(waiting, request => Assert.False(request.IsCompleted));
        Assert.True(flow.Runtime.Health.Single(pool => pool.Executor == "b").IsPaused);
        flow.Runtime.Operations.Pause("b", false);

        Assert.All(await Task.WhenAll(waiting).WithTimeout(), reply => Assert.Null(reply.Error));
        Assert.False(flow.Runtime.Health.Single(pool => pool.Executor == "b").IsPaused);
    }

    [Fact]
    public async Task Scaling_beside_a_pause_lets_nothing_through()
    {
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a"));
        flow.Runtime.Operations.Pause("a", true);
        var waiting = flow.SendAsync("1");

        await flow.ScaleAsync("a", 3).WithTimeout();
        await flow.ScaleAsync("a", 1).WithTimeout();

        Assert.False(waiting.IsCompleted);
        flow.Runtime.Operations.Pause("a", false);
        Assert.Null((await waiting.WithTimeout()).Error);
    }

    [Fact]
    public async Task What_waits_has_its_deadline_and_is_answered_when_the_flow_stops()
    {
        var flow = await TestFlow.StartAsync(FlowText.Chain("a"));
        flow.Runtime.Operations.Pause("a", true);

        var late = await flow.SendAsync("1", TimeSpan.FromMilliseconds(50)).WithTimeout();
        var waiting = flow.SendAsync("2");
        await flow.DisposeAsync();

        Assert.Equal(FlowErrorCode.DeadlineExceeded, late.Error!.Code);
        Assert.Null((await waiting.WithTimeout()).Error);
    }

    [Fact]
    public async Task An_executor_that_is_not_there_is_told_by_name()
    {
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("encoder"));

        var error = Assert.Throws<FlowKitException>(() => flow.Runtime.Operations.Pause("encodr", true));

        Assert.Equal((FlowErrorCode.NotFound, "No executor is named 'encodr'; did you mean 'encoder'?; there are encoder."), (error.Error.Code, error.Message));
    }

    [Fact]
    public async Task A_flow_from_nowhere_cannot_be_read_again()
    {
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a"));

        Assert.False(flow.Runtime.Operations.CanReload);
        var error = await Assert.ThrowsAsync<FlowKitException>(() => flow.Runtime.Operations.ReloadAsync(CancellationToken.None));
        Assert.Equal(FlowErrorCode.FailedPrecondition, error.Error.Code);
    }
}
