using FlowKit.Configuration.Diagnostics;
using FlowKit.TestKit;

namespace FlowKit.Runtime;

public sealed class StartTests
{
    private static Task<FlowKitException> FailAsync(FlowScript script, string? yaml = null) =>
        Assert.ThrowsAsync<FlowKitException>(() => TestFlow.StartAsync(yaml ?? FlowText.Chain("a", "b", "c"), script).WithTimeout());

    [Theory]
    [InlineData("device: cuda:1", "device: cuda:1")]
    [InlineData("gpus: all", "gpus: all")]
    public async Task A_GPU_that_nobody_plans_is_refused_with_who_would(string key, string shown)
    {
        var exception = await Assert.ThrowsAsync<FlowConfigException>(() => TestFlow.StartAsync(FlowText.Graph(($"a, {key}", "gateway"))));

        Assert.Contains($"executors.a: this program plans no GPUs, so that '{shown}' cannot be had", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Devices = new GpuPlanner()", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Executors_start_downstream_first()
    {
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a", "b", "c"));

        Assert.Equal(["load c", "load b", "load a"], flow.Script.Events.Where(what => what.StartsWith("load", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_constructor_that_throws_names_the_executor_and_those_already_loaded_are_disposed()
    {
        var script = new FlowScript { OnConstruct = name => _ = name == "a" ? throw new ArgumentException("no such model") : 0 };

        var exception = await FailAsync(script);

        Assert.Equal("a", exception.Error.Executor);
        Assert.StartsWith("The executor 'a' (Scripted) did not start: its constructor threw ArgumentException: no such model", exception.Message, StringComparison.Ordinal);
        Assert.Equal(["dispose b", "dispose c"], script.Events.TakeLast(2));
    }

    [Fact]
    public async Task A_load_that_throws_disposes_also_the_executor_itself()
    {
        var script = new FlowScript { OnLoad = (name, _) => name == "b" ? throw new FlowKitException(FlowErrorCode.FailedPrecondition, "the index is of another model") : Task.CompletedTask };

        var exception = await FailAsync(script);

        Assert.Equal((FlowErrorCode.FailedPrecondition, "b"), (exception.Error.Code, exception.Error.Executor));
        Assert.Equal(["dispose b", "dispose c"], script.Events.TakeLast(2));
    }

    [Fact]
    public async Task The_second_replica_that_throws_takes_the_first_with_it()
    {
        var loads = 0;
        var script = new FlowScript { OnLoad = (_, _) => ++loads == 2 ? throw new FlowKitException(FlowErrorCode.FailedPrecondition, "second") : Task.CompletedTask };

        await FailAsync(script, FlowText.Graph(("a, replicas: 2", "gateway")));

        Assert.Equal(2, script.Events.Count(what => what == "dispose a"));
    }

    [Fact]
    public async Task A_load_that_waits_for_ever_is_told_by_timeout_ready_and_cancelled()
    {
        var script = new FlowScript { OnLoad = (_, token) => Task.Delay(Timeout.Infinite, token) };

        var exception = await FailAsync(script, FlowText.Graph(("a, timeout_ready: 50", "gateway")));

        Assert.Equal((FlowErrorCode.DeadlineExceeded, "a"), (exception.Error.Code, exception.Error.Executor));
        Assert.Contains("50 ms (timeout_ready)", exception.Message, StringComparison.Ordinal);
        await TestTimeout.UntilAsync(() => script.Events.Contains("dispose a"), "the late executor to be disposed");
    }

    [Fact]
    public async Task A_load_that_blocks_its_thread_and_ignores_its_token_does_not_block_the_start()
    {
        using var release = new ManualResetEventSlim();
        var script = new FlowScript
        {
            OnLoad = (_, _) =>
            {
                release.Wait(CancellationToken.None);
                return Task.CompletedTask;
            },
        };

        var exception = await FailAsync(script, FlowText.Graph(("a, timeout_ready: 50", "gateway")));

        Assert.Equal(FlowErrorCode.DeadlineExceeded, exception.Error.Code);
        release.Set();
        await TestTimeout.UntilAsync(() => script.Events.Contains("dispose a"), "the late executor to be disposed");
    }

    [Fact]
    public async Task A_cancelled_start_is_a_cancellation_and_disposes_what_was_loaded()
    {
        using var stop = new CancellationTokenSource();
        var script = new FlowScript
        {
            OnLoad = async (name, token) =>
            {
                if (name == "a")
                {
                    await stop.CancelAsync();
                    await Task.Delay(Timeout.Infinite, token);
                }
            },
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TestFlow.StartAsync(FlowText.Chain("a", "b"), new TestFlowOptions { Script = script }, stop.Token).WithTimeout());

        Assert.Contains("dispose b", script.Events);
    }

    [Fact]
    public async Task A_cancellation_inside_a_load_that_nobody_asked_for_is_an_error_of_the_executor()
    {
        var script = new FlowScript { OnLoad = (_, _) => throw new TaskCanceledException("the download took too long") };

        Assert.Contains("did not start: the download took too long", (await FailAsync(script, FlowText.Graph(("a, timeout_ready: 3000", "gateway")))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_context_says_where_an_executor_runs()
    {
        const string Yaml = """
            jtype: Flow
            env: {COLOUR: red, SIZE: 1}
            executors:
              - {name: a, uses: Looking, env: {SIZE: 2}, device: "cuda:1", fallback: cpu}
            """;
        await using var flow = await TestFlow.StartAsync(Yaml, typeof(Looking));

        var context = (await flow.PostAsync("/look")).Results!["a/rep-0"]!.AsObject();

        Assert.Equal("a|0|1|cpu|red|2|True", context["text"]!.GetValue<string>());
        Assert.StartsWith(flow.Config.BaseDirectory, context["workspace"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Executor("Looking")]
    public sealed class Looking : Executor
    {
        private readonly bool _folderWasThere;

        public Looking() => _folderWasThere = Directory.Exists(Context.Workspace);

        [Requests("/look")]
        public object Look() => new
        {
            Text = string.Join('|', Context.Name, Context.ReplicaId, Context.Replicas, Context.Device, Context.Env["COLOUR"], Context.Env["SIZE"], _folderWasThere),
            Context.Workspace,
        };
    }
}
