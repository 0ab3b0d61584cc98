using FlowKit.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace FlowKit.Runtime;

public sealed class DeadlineTests
{
    [Fact]
    public async Task A_deadline_is_answered_though_the_executor_ignores_its_cancellation()
    {
        var time = new FakeTimeProvider();
        using var gate = new ManualGate();
        var script = new FlowScript().On("a", call => gate.PassAsync(CancellationToken.None));
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a", "b"), new TestFlowOptions { Script = script, TimeProvider = time });
        var reply = flow.SendAsync("1", TimeSpan.FromSeconds(5));
        await gate.ArrivedAsync();

        time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(reply.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));

        var answer = await reply.WithTimeout();
        Assert.Equal(FlowErrorCode.DeadlineExceeded, answer.Error!.Code);
        Assert.Null(answer.Error.Executor);
        Assert.Empty(answer.Documents);
        Assert.Equal(0, flow.Runtime.InFlight);
        Assert.True(script.Calls[0].Token.IsCancellationRequested);
        Assert.Equal(1, gate.Waiting);
        gate.Open();
        await TestTimeout.UntilAsync(() => gate.Waiting == 0, "the executor to return");
        Assert.Null((await flow.SendAsync("2").WithTimeout()).Error);
        Assert.Equal(["2"], script.Calls.Where(call => call.Executor == "b").Select(call => call.Documents[0].Id));
    }

    [Fact]
    public async Task A_clock_that_is_set_an_hour_forward_or_back_neither_ends_a_request_nor_keeps_one()
    {
        var time = new FakeTimeProvider();
        using var gate = new ManualGate();
        var script = new FlowScript().On("a", call => gate.PassAsync(CancellationToken.None));
        await using var flow = await TestFlow.StartAsync(
            FlowText.Graph(("a, timeout_executor: 20000", "gateway")), new TestFlowOptions { Script = script, TimeProvider = time });
        time.AdjustTime(time.GetUtcNow().AddHours(2));
        var reply = flow.SendAsync("1", TimeSpan.FromSeconds(5));
        await gate.ArrivedAsync();

        time.AdjustTime(time.GetUtcNow().AddHours(1));
        time.AdjustTime(time.GetUtcNow().AddHours(-2));
        time.Advance(TimeSpan.FromSeconds(4.9));

        Assert.False(reply.IsCompleted);
        Assert.Equal(0, flow.Runtime.Health[0].Restarts);
        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(FlowErrorCode.DeadlineExceeded, (await reply.WithTimeout()).Error!.Code);
        gate.Open();
    }

    [Fact]
    public async Task The_gateways_timeout_send_holds_when_a_call_says_none()
    {
        var time = new FakeTimeProvider();
        using var gate = new ManualGate();
        var script = new FlowScript().On("a", call => gate.PassAsync(call.Token));
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a").WithGateway("timeout_send: 2000"), new TestFlowOptions { Script = script, TimeProvider = time });
        var byDefault = flow.SendAsync("1");
        var own = flow.SendAsync("2", Timeout.InfiniteTimeSpan);
        await gate.ArrivedAsync();

        time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(FlowErrorCode.DeadlineExceeded, (await byDefault.WithTimeout()).Error!.Code);
        Assert.False(own.IsCompleted);
        gate.Open();
        Assert.Null((await own.WithTimeout()).Error);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public async Task A_deadline_in_the_past_is_answered_as_passed(int milliseconds)
    {
        using var gate = new ManualGate();
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a"), new FlowScript().On("a", call => gate.PassAsync(call.Token)));

        Assert.Equal(FlowErrorCode.DeadlineExceeded, (await flow.SendAsync("1", TimeSpan.FromMilliseconds(milliseconds)).WithTimeout()).Error!.Code);
    }

    [Fact]
    public async Task A_deadline_beyond_what_timers_count_is_none()
    {
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a"));

        Assert.Null((await flow.SendAsync("1", TimeSpan.FromDays(1000)).WithTimeout()).Error);
    }

    [Fact]
    public async Task A_request_whose_caller_has_gone_never_reaches_later_executors_nor_waits_for_room()
    {
        using var gate = new ManualGate();
        using var caller = new CancellationTokenSource();
        using var skipped = new SkipCounter();
        var script = new FlowScript().On("skip_b", call => call.Documents[0].Id == "first" ? gate.PassAsync() : default);
        await using var flow = await TestFlow.StartAsync(FlowText.Graph(("a", "gateway"), ("skip_b, capacity: 1", "a"), ("c", "skip_b")), script);
        var first = flow.SendAsync("first");
        await gate.ArrivedAsync();
        var others = Enumerable.Range(0, 10).Select(i => flow.SendAsync($"{i}", cancellationToken: caller.Token)).ToList();
        await TestTimeout.UntilAsync(() => flow.Runtime.QueueDepths["skip_b"] == 1, "the channel to fill");

        await caller.CancelAsync();
        Assert.All(await Task.WhenAll(others).WithTimeout(), reply => Assert.Equal(FlowErrorCode.Cancelled, reply.Error!.Code));
        gate.Open();

        Assert.Null((await first.WithTimeout()).Error);
        Assert.Null((await flow.SendAsync("last").WithTimeout()).Error);
        Assert.Equal(["first", "last"], script.Calls.Where(call => call.Executor == "skip_b").Select(call => call.Documents[0].Id));
        Assert.InRange(skipped.Of("skip_b"), 1, 10);
    }

    [Fact]
    public async Task A_caller_who_had_gone_before_sending_is_answered_and_nothing_runs()
    {
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a"));

        var reply = await flow.SendAsync("1", cancellationToken: new CancellationToken(canceled: true)).WithTimeout();

        Assert.Equal(FlowErrorCode.Cancelled, reply.Error!.Code);
        Assert.Empty(flow.Script.Calls);
    }

    [Fact]
    public async Task The_deadline_is_told_as_the_cause_even_when_the_executor_reports_its_cancellation_first()
    {
        var time = new FakeTimeProvider();
        using var gate = new ManualGate();
        var script = new FlowScript().On("a", call => gate.PassAsync(call.Token));
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a"), new TestFlowOptions { Script = script, TimeProvider = time });

        for (var i = 0; i < 50; i++)
        {
            using var caller = new CancellationTokenSource();
            var reply = flow.SendAsync("1", TimeSpan.FromSeconds(1), caller.Token);
            await gate.ArrivedAsync();
            if (i % 2 == 0)
            {
                time.Advance(TimeSpan.FromSeconds(1));
            }
            else
            {
                await caller.CancelAsync();
            }

            var error = (await reply.WithTimeout()).Error!;
            Assert.Equal(i % 2 == 0 ? FlowErrorCode.DeadlineExceeded : FlowErrorCode.Cancelled, error.Code);
            Assert.Null(error.Executor);
        }
    }

    [Fact]
    public async Task A_callback_of_an_executor_that_throws_on_cancellation_harms_nobody()
    {
        var time = new FakeTimeProvider();
        using var gate = new ManualGate();
        var script = new FlowScript().On("a", call =>
        {
            call.Token.Register(() => throw new InvalidOperationException("from a callback"));
            return gate.PassAsync(call.Token);
        });
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a"), new TestFlowOptions { Script = script, TimeProvider = time });
        var reply = flow.SendAsync("1", TimeSpan.FromSeconds(1));
        await gate.ArrivedAsync();

        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(FlowErrorCode.DeadlineExceeded, (await reply.WithTimeout()).Error!.Code);
    }
}
