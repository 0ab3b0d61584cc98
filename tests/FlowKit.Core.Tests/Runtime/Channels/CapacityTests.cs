using System.Collections.Concurrent;
using FlowKit.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace FlowKit.Runtime.Channels;

public sealed class CapacityTests
{
    [Fact]
    public async Task Replicas_work_side_by_side_and_the_free_one_takes_the_next()
    {
        using var stuck = new ManualGate();
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
            Assert.Null((await flow.SendAsync($"{i}").WithTimeout()).Error);
        }

        Assert.Single(done.Distinct());
        stuck.Open();
        Assert.Null((await held.WithTimeout()).Error);
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
        using var gate = new ManualGate();
        var script = new FlowScript().On("slow", call => gate.PassAsync(call.Token));
        var yaml = FlowText.Graph(("fast", "gateway"), ("slow, replicas: 2, capacity: 3", "fast"));
        await using var flow = await TestFlow.StartAsync(yaml, script);

        var replies = Enumerable.Range(0, 50).Select(i => flow.SendAsync($"{i}")).ToList();
        await gate.ArrivedAsync(2);
        await TestTimeout.UntilAsync(() => flow.Runtime.QueueDepths["slow"] == 3, "the channel to fill");
        await Task.Delay(50);

        Assert.Equal(3, flow.Runtime.QueueDepths["slow"]);
        Assert.Equal(2, gate.Waiting);
        Assert.Equal(2 + 3 + 1, script.CallsOf("fast"));
        gate.Open();
        var answers = await Task.WhenAll(replies).WithTimeout();
        Assert.All(answers, reply => Assert.Null(reply.Error));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{i}"), answers.Select(reply => reply.Documents[0].Id));
    }

    [Fact]
    public async Task A_full_flow_refuses_at_once_and_says_when_to_come_again()
    {
        using var gate = new ManualGate();
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a").WithGateway("capacity: 3"), new FlowScript().On("a", call => gate.PassAsync(call.Token)));
        var held = Enumerable.Range(0, 3).Select(i => flow.SendAsync($"{i}")).ToList();

        var refused = flow.SendAsync("more");

        Assert.True(refused.IsCompletedSuccessfully);
        var error = (await refused).Error!;
        Assert.Equal(FlowErrorCode.ResourceExhausted, error.Code);
        Assert.InRange(error.RetryAfter!.Value.TotalSeconds, 1, 60);
        Assert.Contains("gateway.capacity", error.Message, StringComparison.Ordinal);
        gate.Open();
        await Task.WhenAll(held).WithTimeout();
        Assert.Equal(0, flow.Runtime.InFlight);
        Assert.Null((await flow.SendAsync("again").WithTimeout()).Error);
    }

    [Fact]
    public async Task A_permit_comes_back_after_success_failure_cancel_deadline_and_a_bad_request()
    {
        var time = new CountingTimeProvider();
        using var gate = new ManualGate();
        using var caller = new CancellationTokenSource();
        var script = new FlowScript().On("a", call => call.Documents[0].Id switch
        {
            "fail" => throw new InvalidOperationException("no"),
            "hold" => gate.PassAsync(call.Token),
            _ => default,
        });
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a").WithGateway("capacity: 1"), new TestFlowOptions { Script = script, TimeProvider = time });

        Assert.Null((await flow.SendAsync("good").WithTimeout()).Error);
        Assert.Equal(FlowErrorCode.Internal, (await flow.SendAsync("fail").WithTimeout()).Error!.Code);
        var cancelled = flow.SendAsync("hold", cancellationToken: caller.Token);
        await gate.ArrivedAsync();
        await caller.CancelAsync();
        Assert.Equal(FlowErrorCode.Cancelled, (await cancelled.WithTimeout()).Error!.Code);
        var late = flow.SendAsync("hold", TimeSpan.FromSeconds(1));
        await gate.ArrivedAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(FlowErrorCode.DeadlineExceeded, (await late.WithTimeout()).Error!.Code);
        var bad = await flow.Runtime.SendAsync(new FlowRequest("/x", []) { TargetExecutor = "(" }, CancellationToken.None);
        Assert.Equal(FlowErrorCode.InvalidArgument, bad.Error!.Code);

        Assert.Equal(0, flow.Runtime.InFlight);
        Assert.Equal(0, time.TimersSet);
        Assert.Null((await flow.SendAsync("good").WithTimeout()).Error);
    }

    [Fact]
    public async Task A_slow_branch_bounds_the_other_one_but_loses_nothing()
    {
        using var gate = new ManualGate();
        var script = new FlowScript().On("slow", call => gate.PassAsync(call.Token));
        await using var flow = await TestFlow.StartAsync(FlowText.Graph(("slow, capacity: 1", "gateway"), ("fast, capacity: 1", "gateway"), ("end", "slow, fast")), script);

        var replies = Enumerable.Range(0, 20).Select(i => flow.SendAsync($"{i}")).ToList();
        await gate.ArrivedAsync();
        gate.Open();

        Assert.All(await Task.WhenAll(replies).WithTimeout(), reply => Assert.Null(reply.Error));
        Assert.Equal(20, script.CallsOf("end"));
    }

    /// <summary>Counts the timers that are set: none when nothing leaked.</summary>
    private sealed class CountingTimeProvider : FakeTimeProvider
    {
        private readonly ConcurrentDictionary<CountedTimer, bool> _set = new();

        public int TimersSet => _set.Count;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            CountedTimer? timer = null;
            timer = new(_set, base.CreateTimer(Fire, state, Timeout.InfiniteTimeSpan, period));
            timer.Change(dueTime, period);
            return timer;

            void Fire(object? given)
            {
                _set.TryRemove(timer!, out _);
                callback(given);
            }
        }
    }

    private sealed class CountedTimer(ConcurrentDictionary<CountedTimer, bool> set, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                set.TryRemove(this, out _);
            }
            else
            {
                set[this] = true;
            }

            return timer.Change(dueTime, period);
        }

        public void Dispose()
        {
            set.TryRemove(this, out _);
            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
