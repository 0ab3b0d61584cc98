using FlowKit.TestKit;

namespace FlowKit.Runtime.Executors;

public sealed class SupervisionTests
{
    [Fact]
    public async Task A_call_that_hangs_is_answered_and_its_replica_replaced_while_the_others_are_answered()
    {
        using var release = new ManualResetEventSlim();
        var script = new FlowScript().On("a", call =>
        {
            if (call.Documents[0].Id == "hang")
            {
                release.Wait(CancellationToken.None);
            }

            return default;
        });
        await using var flow = await TestFlow.StartAsync(FlowText.Graph(("a, timeout_executor: 200, retries: 0", "gateway")), script);

        var hung = flow.SendAsync("hang");
        var others = Enumerable.Range(0, 5).Select(i => flow.SendAsync($"{i}")).ToArray();

        var error = (await hung.WithTimeout()).Error!;
        Assert.Equal((FlowErrorCode.DeadlineExceeded, "a"), (error.Code, error.Executor));
        Assert.Contains("timeout_executor", error.Message, StringComparison.Ordinal);
        Assert.All(await Task.WhenAll(others).WithTimeout(), reply => Assert.Null(reply.Error));
        await TestTimeout.UntilAsync(() => flow.Runtime.Health[0] is { Restarts: 1, Ready: 1 }, "the new replica");
        Assert.DoesNotContain("dispose a", flow.Script.Events);
        release.Set();
        await TestTimeout.UntilAsync(() => flow.Script.Events.Contains("dispose a"), "the hung executor to be disposed when it returns");
    }

    [Fact]
    public async Task A_flow_that_changes_while_another_is_loaded_for_a_hung_replica_keeps_none_too_many_and_none_of_the_old()
    {
        using var release = new ManualResetEventSlim();
        using var gate = new ManualGate();
        var (loads, served) = (0, 0);
        var script = new FlowScript { OnLoad = (_, token) => Interlocked.Increment(ref loads) == 3 ? gate.PassAsync(token).AsTask() : Task.CompletedTask }.On("a", call =>
        {
            if (Interlocked.Increment(ref served) == 1)
            {
                release.Wait(CancellationToken.None);
            }

            return default;
        });
        await using var flow = await TestFlow.StartAsync(FlowText.Graph(("a, replicas: 2, timeout_executor: 200, retries: 0", "gateway")), script);
        Assert.Equal(FlowErrorCode.DeadlineExceeded, (await flow.SendAsync("hang").WithTimeout()).Error!.Code);
        await gate.ArrivedAsync();

        await flow.ApplyAsync(FlowText.Graph(("a, replicas: 2, timeout_executor: 300, retries: 0", "gateway"))).WithTimeout();
        gate.Open();

        await TestTimeout.UntilAsync(() => flow.Script.Events.Count(what => what == "dispose a") == 2, "the old one and the one that came too late to go");
        Assert.True(flow.Runtime.Health[0] is { Ready: 2, Replicas: 2 });
        release.Set();
        await TestTimeout.UntilAsync(() => flow.Script.Events.Count(what => what == "dispose a") == 3, "the hung one to go");
    }

    [Fact]
    public async Task A_change_of_the_flow_does_not_wait_for_a_call_that_never_returns()
    {
        using var release = new ManualResetEventSlim();
        var script = new FlowScript().On("a", call =>
        {
            release.Wait(CancellationToken.None);
            return default;
        });
        await using var flow = await TestFlow.StartAsync(FlowText.Graph(("a, timeout_executor: 300, retries: 0", "gateway")), script);
        var hung = flow.SendAsync("hang");
        await TestTimeout.UntilAsync(() => flow.Runtime.Health[0].Busy == 1, "the call");

        await flow.ApplyAsync(FlowText.Graph(("a, timeout_executor: 400, retries: 0", "gateway"))).WithTimeout();

        Assert.Equal(FlowErrorCode.DeadlineExceeded, (await hung.WithTimeout()).Error!.Code);
        Assert.True(flow.Runtime.Health[0] is { Ready: 1 });
        release.Set();
    }

    [Fact]
    public async Task A_read_that_hangs_is_tried_again_on_another_replica_and_a_write_is_not()
    {
        using var release = new ManualResetEventSlim();
        var hangs = 0;
        var script = new FlowScript().On("a", _ =>
        {
            if (Interlocked.Increment(ref hangs) % 2 == 1)
            {
                release.Wait(CancellationToken.None);
            }

            return default;
        });
        await using var flow = await TestFlow.StartAsync(FlowText.Graph(("a, timeout_executor: 200", "gateway")), script);

        var read = await flow.PostAsync("/search", new Document("1"));
        var write = await flow.PostAsync("/index", new Document("2"));

        Assert.Null(read.Error);
        Assert.Equal("1", Assert.Single(read.Documents).Id);
        Assert.Equal(FlowErrorCode.DeadlineExceeded, write.Error!.Code);
        release.Set();
    }

    [Fact]
    public async Task An_executor_that_hangs_and_cannot_be_started_again_refuses_at_once_until_it_can()
    {
        using var release = new ManualResetEventSlim();
        var (broken, constructs) = (true, 0);
        var script = new FlowScript
        {
            OnConstruct = _ =>
            {
                if (Interlocked.Increment(ref constructs) > 1 && Volatile.Read(ref broken))
                {
                    throw new InvalidOperationException("broken");
                }
            },
        };
        script.On("a", _ =>
        {
            if (Volatile.Read(ref broken))
            {
                release.Wait(CancellationToken.None);
            }

            return default;
        });
        await using var flow = await TestFlow.StartAsync(FlowText.Graph(("a, timeout_executor: 200, retries: 0", "gateway")), script);

        Assert.Equal(FlowErrorCode.DeadlineExceeded, (await flow.PostAsync("/run", new Document())).Error!.Code);
        await TestTimeout.UntilAsync(() => flow.Runtime.Health[0].IsOpen, "the circuit to open");
        var refused = (await flow.PostAsync("/run", new Document())).Error!;
        Assert.Equal(FlowErrorCode.Unavailable, refused.Code);
        Assert.Contains("broken", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(refused.RetryAfter);
        Assert.True(flow.Runtime.Health[0].IsOpen);
        Assert.False(flow.Runtime.IsHealthy);

        Volatile.Write(ref broken, false);
        release.Set();
        await TestTimeout.UntilAsync(() => flow.Runtime.IsHealthy, "the restart");
        Assert.Null((await flow.PostAsync("/run", new Document())).Error);
        await TestTimeout.UntilAsync(() => flow.Script.Events.Contains("dispose a"), "the end of the hung one");
        Assert.Equal(1, flow.Script.Events.Count(what => what == "dispose a"));
    }

    [Fact]
    public async Task While_loads_of_a_replica_that_ended_fail_requests_are_refused_and_not_kept()
    {
        var launcher = new FakeLauncher();
        await using var flow = await TestFlow.StartAsync(FlowText.Graph(("a, runtime: process", "gateway")), new TestFlowOptions { Launchers = [launcher] });
        launcher.LoadFailure = new IOException("no room for another process");

        launcher.Made[0].End("killed");

        await TestTimeout.UntilAsync(() => flow.Runtime.Health[0].IsOpen, "the circuit to open");
        var refused = (await flow.PostAsync("/run", new Document())).Error!;
        Assert.Equal(FlowErrorCode.Unavailable, refused.Code);
        Assert.Contains("no room for another process", refused.Message, StringComparison.Ordinal);
        launcher.LoadFailure = null;
        await TestTimeout.UntilAsync(() => flow.Runtime.IsHealthy, "the restart");
        Assert.Null((await flow.PostAsync("/run", new Document())).Error);
    }

    [Fact]
    public async Task A_load_that_throws_is_tried_again_until_it_succeeds()
    {
        var loads = 0;
        var script = new FlowScript { OnLoad = (_, _) => ++loads < 3 ? throw new IOException("not there yet") : Task.CompletedTask };

        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a"), script);

        Assert.Equal(3, loads);
        Assert.Null((await flow.PostAsync("/run", new Document())).Error);
    }

    [Fact]
    public async Task An_exception_that_exit_on_exceptions_names_ends_the_flow()
    {
        var script = new FlowScript().On("a", _ => throw new InvalidDataException("the store is gone"));
        await using var flow = await TestFlow.StartAsync(FlowText.Graph(("a, exit_on_exceptions: [InvalidDataException]", "gateway")), script);

        await flow.PostAsync("/run", new Document());

        Assert.Contains("the store is gone", (await flow.Runtime.Ended.WithTimeout()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_executor_elsewhere_that_ends_while_nobody_asks_is_started_again_at_once()
    {
        var launcher = new FakeLauncher();
        await using var flow = await TestFlow.StartAsync(FlowText.Graph(("a, runtime: process", "gateway")), new TestFlowOptions { Launchers = [launcher] });
        for (var i = 0; i < 3; i++)
        {
            // Served, it is lent to whoever asks next instead of waiting in its loop.
            Assert.Null((await flow.SendAsync($"{i}")).Error);
        }

        launcher.Made[0].End("killed");

        await TestTimeout.UntilAsync(() => launcher.Made.Count == 2 && flow.Runtime.Health[0] is { Restarts: 1, Ready: 1 }, "the new one, without a request");
        Assert.Null((await flow.SendAsync("4")).Error);
    }
}
