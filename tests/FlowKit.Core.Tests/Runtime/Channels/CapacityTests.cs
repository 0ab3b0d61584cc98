using System.Collections.Concurrent;
using FlowKit.TestKit;

namespace FlowKit.Runtime.Channels;

public sealed class CapacityTests
{
    [Fact]
    public async Task Replicas_work_side_by_side_and_the_free_one_takes_the_next()
    {
        using var stuck = new Turnstile();
        var done = new ConcurrentQueue<int>();
        var script = new FlowScript().On("a", async call =>
        {
            if (call.Documents[0].Id == "stuck")
            {
                await stuck.PassAsync(call.Token);
            }

            done.Enqueue(call.Replica);
            return null;
        });
        await using var flow = await TestFlow.StartAsync(FlowText.Graph(("a, replicas: 2", "gateway")), script);
        var held = flow.SendAsync("stuck");
        await stuck.ArrivedAsync();

        for (var i = 0; i < 20; i++)
        {
            Assert.Null((await flow.SendAsync($"{i}").Soon()).Error);
        }

        Assert.Single(done.Distinct());
        stuck.Open();
        Assert.Null((await held.Soon()).Error);
        Assert.Equal(2, done.Distinct().Count());
    }

    [Fact]
    public async Task Every_replica_is_constructed_and_loaded()
    {
        await using var flow = await TestFlow.StartAsync(FlowText.Graph(("a, replicas: 3", "gateway")));

        Assert.Equal(["construct a", "load a", "construct a", "load a", "construct a", "load a"], flow.Script.Events);
    }

    [Fact]
    public async Task A_slow_stage_holds_no_more_than_its_capacity_and_its_replicas()
    {
        using var turnstile = new Turnstile();
        var script = new FlowScript().On("slow", call => turnstile.PassAsync(call.Token));
        var yaml = FlowText.Graph(("fast", "gateway"), ("slow, replicas: 2, capacity: 3", "fast"));
        await using var flow = await TestFlow.StartAsync(yaml, script);

        var replies = Enumerable.Range(0, 50).Select(i => flow.SendAsync($"{i}")).ToList();
        await turnstile.ArrivedAsync(2);
        await Patience.UntilAsync(() => flow.Runtime.QueueDepths["slow"] == 3, "the channel to fill");
        await Task.Delay(50);

        Assert.Equal(3, flow.Runtime.QueueDepths["slow"]);
        Assert.Equal(2, turnstile.Waiting);
        Assert.Equal(2 + 3 + 1, script.CallsOf("fast"));
        turnstile.Open();
        var answers = await Task.WhenAll(replies).Soon();
        Assert.All(answers, reply => Assert.Null(reply.Error));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{i}"), answers.Select(reply => reply.Documents[0].Id));
    }

    [Fact]
    public async Task A_full_flow_refuses_at_once_and_says_when_to_come_again()
    {
        using var turnstile = new Turnstile();
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a").WithGateway("capacity: 3"), new FlowScript().On("a", call => turnstile.PassAsync(call.Token)));
        var held = Enumerable.Range(0, 3).Select(i => flow.SendAsync($"{i}")).ToList();

        var refused = flow.SendAsync("more");

        Assert.True(refused.IsCompletedSuccessfully);
        var error = (await refused).Error!;
        Assert.Equal(FlowErrorCode.ResourceExhausted, error.Code);
        Assert.InRange(error.RetryAfter!.Value.TotalSeconds, 1, 60);
        Assert.Contains("gateway.capacity", error.Message, StringComparison.Ordinal);
        turnstile.Open();
        await Task.WhenAll(held).Soon();
        Assert.Equal(0, flow.Runtime.InFlight);
        Assert.Null((await flow.SendAsync("again").Soon()).Error);
    }

    [Fact]
    public async Task A_permit_comes_back_after_success_failure_cancel_deadline_and_a_bad_request()
    {
        var time = new ManualTime();
        using var turnstile = new Turnstile();
        using var caller = new CancellationTokenSource();
        var script = new FlowScript().On("a", call => call.Documents[0].Id switch
        {
            "fail" => throw new InvalidOperationException("no"),
            "hold" => turnstile.PassAsync(call.Token),
            _ => default,
        });
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a").WithGateway("capacity: 1"), new TestFlowOptions { Script = script, TimeProvider = time });

        Assert.Null((await flow.SendAsync("good").Soon()).Error);
        Assert.Equal(FlowErrorCode.Internal, (await flow.SendAsync("fail").Soon()).Error!.Code);
        var cancelled = flow.SendAsync("hold", cancellationToken: caller.Token);
        await turnstile.ArrivedAsync();
        await caller.CancelAsync();
        Assert.Equal(FlowErrorCode.Cancelled, (await cancelled.Soon()).Error!.Code);
        var late = flow.SendAsync("hold", TimeSpan.FromSeconds(1));
        await turnstile.ArrivedAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(FlowErrorCode.DeadlineExceeded, (await late.Soon()).Error!.Code);
        var bad = await flow.Runtime.SendAsync(new FlowRequest("/x", []) { TargetExecutor = "(" }, CancellationToken.None);
        Assert.Equal(FlowErrorCode.InvalidArgument, bad.Error!.Code);

        Assert.Equal(0, flow.Runtime.InFlight);
        Assert.Equal(0, time.TimersSet);
        Assert.Null((await flow.SendAsync("good").Soon()).Error);
    }

    [Fact]
    public async Task A_slow_branch_bounds_the_other_one_but_loses_nothing()
    {
        using var turnstile = new Turnstile();
        var script = new FlowScript().On("slow", call => turnstile.PassAsync(call.Token));
        await using var flow = await TestFlow.StartAsync(FlowText.Graph(("slow, capacity: 1", "gateway"), ("fast, capacity: 1", "gateway"), ("end", "slow, fast")), script);

        var replies = Enumerable.Range(0, 20).Select(i => flow.SendAsync($"{i}")).ToList();
        await turnstile.ArrivedAsync();
        turnstile.Open();

        Assert.All(await Task.WhenAll(replies).Soon(), reply => Assert.Null(reply.Error));
        Assert.Equal(20, script.CallsOf("end"));
    }
}
