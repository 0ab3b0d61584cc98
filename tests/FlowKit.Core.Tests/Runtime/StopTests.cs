using FlowKit.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace FlowKit.Runtime;

public sealed class StopTests
{
    [Fact]
    public async Task Stopping_answers_everything_accepted_and_refuses_what_is_new()
    {
        using var gate = new ManualGate();
        var script = new FlowScript().On("a", call => gate.PassAsync(call.Token));
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a", "b"), script);
        var accepted = Enumerable.Range(0, 100).Select(i => flow.SendAsync($"{i}")).ToList();
        await gate.ArrivedAsync();

        var stopping = flow.Runtime.StopAsync(TestTimeout.Limit);
        var refused = (await flow.SendAsync("new").WithTimeout()).Error!;
        Assert.False(stopping.IsCompleted);
        gate.Open();
        await stopping.WithTimeout();

        Assert.Equal(FlowErrorCode.Unavailable, refused.Code);
        Assert.NotNull(refused.RetryAfter);
        Assert.All(await Task.WhenAll(accepted).WithTimeout(), reply => Assert.Null(reply.Error));
        Assert.Equal(100, script.CallsOf("b"));
    }

    [Fact]
    public async Task Executors_are_disposed_upstream_first_and_after_their_last_call()
    {
        var flow = await TestFlow.StartAsync(FlowText.Graph(("a", "gateway"), ("b, replicas: 2", "a"), ("c", "b")));
        await flow.SendAsync("1").WithTimeout();

        await flow.DisposeAsync();

        Assert.Equal(["call a", "call b", "call c", "dispose a", "dispose b", "dispose b", "dispose c"], flow.Script.Events.TakeLast(7));
    }

    [Fact]
    public async Task Stopping_twice_and_at_once_stops_once()
    {
        var flow = await TestFlow.StartAsync(FlowText.Chain("a"));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => flow.Runtime.StopAsync(TimeSpan.FromSeconds(5))))).WithTimeout();
        await flow.DisposeAsync();
        await flow.DisposeAsync();

        Assert.Single(flow.Script.Events, what => what == "dispose a");
    }

    [Fact]
    public async Task What_is_not_answered_in_time_is_given_up_and_its_executor_cancelled()
    {
        using var gate = new ManualGate();
        using var logs = new CollectedLogs();
        var script = new FlowScript().On("a", call => gate.PassAsync(call.Token));
        var flow = await TestFlow.StartAsync(FlowText.Chain("a", "b"), new TestFlowOptions { Script = script, Loggers = logs });
        var held = Enumerable.Range(0, 5).Select(i => flow.SendAsync($"{i}")).ToList();
        await gate.ArrivedAsync();

        await flow.Runtime.StopAsync(TimeSpan.FromMilliseconds(50)).WithTimeout();

        Assert.All(await Task.WhenAll(held).WithTimeout(), reply => Assert.Equal(FlowErrorCode.Unavailable, reply.Error!.Code));
        Assert.Contains(logs.Lines, line => line.Contains("Giving up 5 requests", StringComparison.Ordinal));
        Assert.Contains("dispose a", script.Events);
        Assert.Equal(0, script.CallsOf("b"));
        await flow.DisposeAsync();
    }

    [Fact]
    public async Task An_executor_that_ignores_its_cancellation_is_left_behind_undisposed_and_the_others_are_disposed()
    {
        var time = new FakeTimeProvider();
        using var gate = new ManualGate();
        using var logs = new CollectedLogs();
        var script = new FlowScript().On("a", call => gate.PassAsync(CancellationToken.None));
        var flow = await TestFlow.StartAsync(FlowText.Chain("a", "b"), new TestFlowOptions { Script = script, TimeProvider = time, Loggers = logs });
        var held = flow.SendAsync("1");
        await gate.ArrivedAsync();

        var stopping = flow.Runtime.StopAsync(TimeSpan.FromSeconds(1));
        await PassTimeAsync(time, stopping);

        Assert.Equal(FlowErrorCode.Unavailable, (await held.WithTimeout()).Error!.Code);
        Assert.DoesNotContain("dispose a", script.Events);
        Assert.Contains("dispose b", script.Events);
        Assert.Contains(logs.Lines, line => line.EndsWith("ignore their cancellation: a", StringComparison.Ordinal));
        gate.Open();
        await flow.DisposeAsync();
    }

    [Fact]
    public async Task A_dispose_that_throws_or_hangs_does_not_keep_the_others_from_it()
    {
        var time = new FakeTimeProvider();
        using var logs = new CollectedLogs();
        var never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var script = new FlowScript
        {
            OnDispose = name => name switch
            {
                "a" => throw new InvalidOperationException("no"),
                "b" => new ValueTask(never.Task),
                _ => default,
            },
        };
        var flow = await TestFlow.StartAsync(FlowText.Chain("a", "b", "c"), new TestFlowOptions { Script = script, TimeProvider = time, Loggers = logs });

        await PassTimeAsync(time, flow.Runtime.StopAsync(TimeSpan.FromSeconds(1)));

        Assert.Equal(["dispose a", "dispose b", "dispose c"], script.Events.TakeLast(3));
        Assert.Contains(logs.Lines, line => line.Contains("Executor a threw while it was disposed", StringComparison.Ordinal));
        Assert.Contains(logs.Lines, line => line.Contains("Executor b was not disposed within", StringComparison.Ordinal));
        await flow.DisposeAsync();
    }

    [Fact]
    public async Task Draining_under_load_loses_nothing()
    {
        await using var flow = await TestFlow.StartAsync(FlowText.Graph(("a, replicas: 2", "gateway"), ("b", "a"), ("c", "a"), ("d", "b, c")));
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            var replies = new List<FlowResponse>();
            do
            {
                replies.Add(await flow.SendAsync($"{caller}"));
            }
            while (replies[^1].Error is null);
            return replies;
        })).ToList();
        await TestTimeout.UntilAsync(() => flow.Script.CallsOf("d") > 200, "some load");

        await flow.Runtime.StopAsync(TestTimeout.Limit).WithTimeout();

        var answers = (await Task.WhenAll(callers).WithTimeout()).SelectMany(replies => replies).ToList();
        Assert.Equal(8, answers.Count(reply => reply.Error is { Code: FlowErrorCode.Unavailable }));
        Assert.Equal(flow.Script.CallsOf("d"), answers.Count(reply => reply.Error is null));
        Assert.Equal(0, flow.Runtime.InFlight);
    }

    private static async Task PassTimeAsync(FakeTimeProvider time, Task until)
    {
        for (var i = 0; i < 2000 && !until.IsCompleted; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(2);
        }

        await until.WithTimeout();
    }
}
