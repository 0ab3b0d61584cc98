using System.Diagnostics;
using FlowKit.Runtime.Executors;
using FlowKit.TestKit;

namespace FlowKit.Runtime.Autoscaling;

/// <summary>Flows whose replicas follow the load, in real time.</summary>
public sealed class AutoscalerTests
{
    private static string Flow(string autoscale, string more = "") => FlowText.Graph(($"a, autoscale: {{{autoscale}}}{more}", "gateway")).WithGateway("timeout_stop: 1000");

    private static PoolHealth HealthOf(TestFlow flow) => flow.Runtime.Health[0];

    private static Task UntilAsync(TestFlow flow, int replicas) => TestTimeout.UntilAsync(
        () => HealthOf(flow) is var health && health.Replicas == replicas && health.Ready == replicas, $"{replicas} replicas");

    [Fact]
    public async Task Replicas_follow_the_load_up_at_once_and_down_later()
    {
        using var gate = new ManualGate();
        var logs = new CollectedLogs();
        var script = new FlowScript().On("a", call => gate.PassAsync(call.Token));
        await using var flow = await TestFlow.StartAsync(Flow("max: 4, stabilization_window: 1500"), new TestFlowOptions { Script = script, Loggers = logs });
        var posts = Enumerable.Range(0, 9).Select(index => flow.SendAsync($"{index}")).ToList();

        await UntilAsync(flow, 4);
        await TestTimeout.UntilAsync(() => HealthOf(flow).Autoscale!.LastChange is not null, "the change told");
        Assert.StartsWith("1 → 4: 9 calls under way or waiting, 2 for each replica", HealthOf(flow).Autoscale!.LastChange, StringComparison.Ordinal);
        Assert.Contains(logs.Lines, line => line.Contains("Executor a is scaled from 1 to 4 replicas: 9 calls", StringComparison.Ordinal));
        gate.Open();
        Assert.All(await Task.WhenAll(posts).WithTimeout(), reply => Assert.Null(reply.Error));

        await UntilAsync(flow, 1);
        Assert.Equal((1, 4, 2d), (HealthOf(flow).Autoscale!.Min, HealthOf(flow).Autoscale!.Max, HealthOf(flow).Autoscale!.Target));
        Assert.Equal(2, logs.Lines.Count(line => line.Contains("is scaled from", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task With_none_a_flow_is_ready_and_the_first_request_is_held_until_one_serves()
    {
        await using var flow = await TestFlow.StartAsync(Flow("min: 0, max: 2, cooldown_period: 300"), new FlowScript());
        await UntilAsync(flow, 0);
        Assert.True(flow.Runtime.IsHealthy);
        Assert.Empty(await flow.Runtime.Readiness.FindFaultsAsync(CancellationToken.None));

        var reply = await flow.SendAsync("1").WithTimeout();

        Assert.Null(reply.Error);
        await TestTimeout.UntilAsync(() => HealthOf(flow).Autoscale?.LastChange == "0 → 1: a request waits", "the change told");
        await UntilAsync(flow, 0);
        Assert.Equal((2, 2), (flow.Script.Events.Count(what => what == "load a"), flow.Script.Events.Count(what => what == "dispose a")));
    }

    [Fact]
    public async Task What_does_not_load_again_is_refused_and_tried_again_by_itself()
    {
        var isBroken = false;
        var script = new FlowScript { OnLoad = (_, _) => isBroken ? throw new FlowKitException(FlowErrorCode.FailedPrecondition, "no model") : Task.CompletedTask };
        await using var flow = await TestFlow.StartAsync(Flow("min: 0, max: 2, cooldown_period: 300"), script);
        await UntilAsync(flow, 0);
        isBroken = true;

        var refused = (await flow.SendAsync("1").WithTimeout()).Error!;

        Assert.Equal(FlowErrorCode.Unavailable, refused.Code);
        Assert.Contains("no model", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(refused.RetryAfter);
        Assert.False(flow.Runtime.IsHealthy);
        await TestTimeout.UntilAsync(() => HealthOf(flow).Autoscale?.LastChange?.StartsWith("0 → 1 failed: ", StringComparison.Ordinal) == true, "the failure told");
        isBroken = false;
        await TestTimeout.UntilAsync(() => flow.Runtime.IsHealthy, "another attempt");
        Assert.Null((await flow.SendAsync("2").WithTimeout()).Error);
    }

    [Fact]
    public async Task What_is_held_when_the_flow_stops_is_answered()
    {
        var flow = await TestFlow.StartAsync(Flow("min: 0, max: 2, cooldown_period: 300"), new FlowScript());
        await UntilAsync(flow, 0);

        // What is loaded in this test's own context finds its script, here and at the stop.
        await flow.ScaleAsync("a", 1).WithTimeout();
        await UntilAsync(flow, 0);
        var held = flow.SendAsync("1");
        await flow.DisposeAsync();

        Assert.Null((await held.WithTimeout()).Error);
    }

    [Fact]
    public async Task A_reload_keeps_as_many_as_the_load_has_made_within_new_limits()
    {
        using var gate = new ManualGate();
        var script = new FlowScript().On("a", call => gate.PassAsync(call.Token));
        await using var flow = await TestFlow.StartAsync(Flow("max: 4"), script);
        var posts = Enumerable.Range(0, 9).Select(index => flow.SendAsync($"{index}")).ToList();
        await UntilAsync(flow, 4);
        gate.Open();
        await Task.WhenAll(posts).WithTimeout();

        await flow.ApplyAsync(Flow("max: 4", ", description: other")).WithTimeout();
        Assert.Equal((4, 4), (HealthOf(flow).Replicas, flow.Script.Events.Count(what => what == "load a")));
        await flow.ApplyAsync(Flow("max: 4", ", env: {X: 1}")).WithTimeout();
        Assert.Equal((4, 8), (HealthOf(flow).Replicas, flow.Script.Events.Count(what => what == "load a")));
        await flow.ApplyAsync(Flow("min: 5, max: 6")).WithTimeout();
        Assert.Equal(5, HealthOf(flow).Replicas);
        await flow.ApplyAsync(Flow("max: 2")).WithTimeout();
        Assert.Equal(2, HealthOf(flow).Replicas);
        await flow.ApplyAsync(FlowText.Chain("a")).WithTimeout();
        Assert.Equal((1, (AutoscaleStatus?)null), (HealthOf(flow).Replicas, HealthOf(flow).Autoscale));
    }

    [Fact]
    public async Task A_flow_that_gets_limits_later_follows_its_load_from_then_on_with_none_as_well()
    {
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a"), new FlowScript());
        Assert.Null(HealthOf(flow).Autoscale);

        await flow.ApplyAsync(Flow("min: 0, max: 2, cooldown_period: 200"));
        await UntilAsync(flow, 0);
        await flow.ApplyAsync(Flow("min: 0, max: 2, cooldown_period: 200", ", env: {X: 1}"));

        Assert.Equal(0, HealthOf(flow).Replicas);
        Assert.Null((await flow.SendAsync("1").WithTimeout()).Error);
    }

    [Fact]
    public async Task Requests_that_wait_for_a_batch_count_as_parts_of_a_full_one()
    {
        await using var flow = await TestFlow.StartAsync(
            Flow("max: 4", ", uses_dynamic_batching: {/run: {preferred_batch_size: 8, timeout: 60000}}"), new FlowScript());
        var posts = Enumerable.Range(0, 6).Select(index => flow.SendAsync($"{index}")).ToList();
        await TestTimeout.UntilAsync(() => HealthOf(flow).InFlight == 0.75, "six that wait");
        await TestTimeout.UntilAsync(() => HealthOf(flow).Autoscale!.InFlight == 0.75, "a decision");
        Assert.Equal(1, HealthOf(flow).Replicas);
        Assert.True(HealthOf(flow).OldestWait > TimeSpan.Zero);
        posts.AddRange([flow.SendAsync("6"), flow.SendAsync("7")]);
        Assert.All(await Task.WhenAll(posts).WithTimeout(), reply => Assert.Null(reply.Error));
    }

    /// <summary>
    /// One, eight and one callers again, of an executor that takes 40 ms: with a replica for each two of them, a request waits for one
    /// other at most.
    /// </summary>
    [Fact]
    public async Task Under_a_load_that_changes_a_request_waits_for_one_other_and_nothing_flaps()
    {
        var call = TimeSpan.FromMilliseconds(40);
        var script = new FlowScript().On("a", async scripted =>
        {
            await Task.Delay(call, scripted.Token);
            return null;
        });
        await using var flow = await TestFlow.StartAsync(Flow("max: 4, stabilization_window: 3000"), script);
        var replicas = new List<int>();
        var quiet = await LoadAsync(flow, 1, TimeSpan.FromSeconds(2), replicas);
        await LoadAsync(flow, 8, TimeSpan.FromSeconds(4), replicas);
        Assert.Equal(4, HealthOf(flow).Ready);
        var busy = await LoadAsync(flow, 8, TimeSpan.FromSeconds(4), replicas);
        var again = await LoadAsync(flow, 1, TimeSpan.FromSeconds(8), replicas);

        Assert.Equal(1, HealthOf(flow).Ready);

        // Up without a step back, and down without a step up: nothing flaps.
        var top = replicas.LastIndexOf(4);
        Assert.Equal(replicas[..top].Order(), replicas[..top]);
        Assert.Equal(replicas[top..].OrderDescending(), replicas[top..]);
        Assert.True(P50(quiet) < 3 * call && P50(again) < 3 * call, $"{P50(quiet)}, {P50(again)}");

        // Eight callers of one replica would wait for eight calls.
        Assert.InRange(P50(busy), call, 4 * call);
    }

    private static TimeSpan P50(List<TimeSpan> times) => times.Order().ElementAt(times.Count / 2);

    private static async Task<List<TimeSpan>> LoadAsync(TestFlow flow, int callers, TimeSpan duration, List<int> replicas)
    {
        var began = Stopwatch.GetTimestamp();
        var all = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var times = new List<TimeSpan>();
            while (Stopwatch.GetElapsedTime(began) < duration)
            {
                var sent = Stopwatch.GetTimestamp();
                Assert.Null((await flow.SendAsync("x")).Error);
                times.Add(Stopwatch.GetElapsedTime(sent));
                if (caller == 0)
                {
                    replicas.Add(HealthOf(flow).Ready);
                }
            }

            return times;
        })));
        return [.. all.SelectMany(times => times)];
    }
}
