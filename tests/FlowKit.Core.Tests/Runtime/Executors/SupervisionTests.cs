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
    public async Task An_executor_that_fails_again_and_again_is_restarted_and_meanwhile_refuses_at_once()
    {
        using var loading = new ManualGate();
        var (broken, loads) = (true, 0);
        var script = new FlowScript
        {
            OnLoad = async (_, token) =>
            {
                if (Interlocked.Increment(ref loads) > 1)
                {
                    await loading.PassAsync(token);
                    broken = false;
                }
            },
        };
        script.On("a", _ => broken ? throw new InvalidOperationException("broken") : default);
        await using var flow = await TestFlow.StartAsync(FlowText.Graph(("a, failure_threshold: 3", "gateway")), script);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("broken", (await flow.PostAsync("/run", new Document())).Error!.Message);
        }

        await loading.ArrivedAsync();
        var refused = (await flow.PostAsync("/run", new Document())).Error!;
        Assert.Equal(FlowErrorCode.Unavailable, refused.Code);
        Assert.NotNull(refused.RetryAfter);
        Assert.True(flow.Runtime.Health[0].IsOpen);
        Assert.False(flow.Runtime.IsHealthy);

        loading.Open();
        await TestTimeout.UntilAsync(() => flow.Runtime.IsHealthy, "the restart");
        Assert.Null((await flow.PostAsync("/run", new Document())).Error);
        Assert.Equal(1, flow.Script.Events.Count(what => what == "dispose a"));
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
