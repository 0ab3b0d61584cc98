using System.Globalization;
using FlowKit.TestKit;

namespace FlowKit.Runtime.Executors;

/// <summary>Calls that whoever brings the documents makes, with a replica that is free.</summary>
public sealed class InlineExecutionTests
{
    private static readonly string s_chain = FlowText.Chain("a", "b");

    [Fact]
    public async Task A_flow_of_short_calls_has_answered_when_it_has_been_asked()
    {
        var threads = new List<int>();
        var script = new FlowScript().Edit("a", _ => threads.Add(Environment.CurrentManagedThreadId)).Edit("b", _ => threads.Add(Environment.CurrentManagedThreadId));
        await using var flow = await StartAsync(s_chain, script);
        await IdleAsync(flow);

        var reply = flow.SendAsync("1");

        Assert.True(reply.IsCompletedSuccessfully);
        Assert.Equal(["gateway", "a", "b"], (await reply).Routes.Select(route => route.Executor));
        Assert.Equal([Environment.CurrentManagedThreadId], threads.TakeLast(2).Distinct());
    }

    [Fact]
    public async Task Whoever_asks_does_not_wait_for_a_call_that_waits_after_all()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var script = new FlowScript().On("b", async _ =>
        {
            await release.Task;
            return null;
        });
        await using var flow = await StartAsync(s_chain, script);
        await IdleAsync(flow);

        var replies = Enumerable.Range(0, 3).Select(i => flow.SendAsync($"{i}")).ToArray();

        Assert.All(replies, reply => Assert.False(reply.IsCompleted));
        release.SetResult();
        Assert.Equal(["0", "1", "2"], (await Task.WhenAll(replies).WithTimeout()).Select(reply => reply.Documents[0].Id));
    }

    [Fact]
    public async Task What_comes_while_the_only_replica_is_lent_is_served_when_it_is_back()
    {
        using var inside = new SemaphoreSlim(0);
        using var release = new SemaphoreSlim(0);
        var script = new FlowScript().Edit("a", documents =>
        {
            if (documents[0].Id == "first")
            {
                inside.Release();
                release.Wait(CancellationToken.None);
            }
        });
        await using var flow = await StartAsync(s_chain, script);
        await IdleAsync(flow);

        var first = Task.Run(() => flow.SendAsync("first"));
        await inside.WaitAsync();
        var second = flow.SendAsync("second");

        Assert.False(second.IsCompleted);
        release.Release();
        Assert.Null((await first.WithTimeout()).Error);
        Assert.Null((await second.WithTimeout()).Error);
        Assert.Equal(["first", "second"], flow.Script.Calls.Where(call => call.Executor == "a").Select(call => call.Documents[0].Id));
    }

    [Fact]
    public async Task A_lent_replica_that_fails_too_often_is_restarted()
    {
        var script = new FlowScript().Edit("a", _ => throw new InvalidOperationException("broken"));
        await using var flow = await StartAsync(FlowText.Graph(("a, failure_threshold: 3", "gateway")), script);
        await IdleAsync(flow);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("broken", (await flow.SendAsync($"{i}").WithTimeout()).Error!.Message);
        }

        await TestTimeout.UntilAsync(() => flow.Runtime.Health[0] is { Restarts: 1, Ready: 1 }, "the restart");
        Assert.Equal(["load a", "dispose a", "load a"], flow.Script.Events.Where(happened => happened is "load a" or "dispose a"));
    }

    [Fact]
    public async Task A_lent_replica_that_hangs_is_replaced_and_disposed_when_it_returns()
    {
        using var release = new ManualResetEventSlim();
        var script = new FlowScript().Edit("a", documents =>
        {
            if (documents[0].Id == "hang")
            {
                release.Wait(CancellationToken.None);
            }
        });
        await using var flow = await StartAsync(FlowText.Graph(("a, timeout_executor: 200, retries: 0", "gateway")), script);
        await IdleAsync(flow);

        var hung = Task.Run(() => flow.SendAsync("hang"));
        await TestTimeout.UntilAsync(() => flow.Runtime.Health[0] is { Restarts: 1, Ready: 1 }, "the new replica");

        Assert.Null((await flow.SendAsync("next").WithTimeout()).Error);
        release.Set();
        Assert.Equal(FlowErrorCode.DeadlineExceeded, (await hung.WithTimeout()).Error!.Code);
        await TestTimeout.UntilAsync(() => flow.Script.Events.Contains("dispose a"), "the hung executor to be disposed");
    }

    [Fact]
    public async Task Scaling_down_waits_for_a_lent_replica()
    {
        using var inside = new SemaphoreSlim(0);
        using var release = new SemaphoreSlim(0);
        var script = new FlowScript().Edit("a", _ =>
        {
            inside.Release();
            release.Wait(CancellationToken.None);
        });
        await using var flow = await StartAsync(FlowText.Graph(("a, replicas: 2", "gateway")), script);
        await IdleAsync(flow);
        var replies = Enumerable.Range(0, 2).Select(i => Task.Run(() => flow.SendAsync($"{i}"))).ToArray();
        await inside.WaitAsync();
        await inside.WaitAsync();

        var scaling = flow.ScaleAsync("a", 1);

        Assert.False(scaling.IsCompleted);
        release.Release(2);
        await scaling.WithTimeout();
        Assert.All(await Task.WhenAll(replies).WithTimeout(), reply => Assert.Null(reply.Error));
        Assert.Single(flow.Script.Events, "dispose a");
    }

    [Fact]
    public async Task What_an_executor_leaves_in_its_context_is_not_there_for_whoever_asks()
    {
        var own = CultureInfo.CurrentCulture;
        var script = new FlowScript().Edit("a", _ => CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("tr-TR"));
        await using var flow = await StartAsync(s_chain, script);
        await IdleAsync(flow);

        var reply = flow.SendAsync("1");

        Assert.True(reply.IsCompletedSuccessfully);
        Assert.Equal(own, CultureInfo.CurrentCulture);
    }

    [Fact]
    public async Task A_chain_longer_than_the_deepest_call_is_answered()
    {
        var names = Enumerable.Range(0, 200).Select(i => $"e{i}").ToArray();
        await using var flow = await StartAsync(FlowText.Chain(names), new FlowScript());
        await IdleAsync(flow);

        var reply = await flow.SendAsync("1").WithTimeout();

        Assert.Equal(201, reply.Routes.Count);
    }

    private static Task<TestFlow> StartAsync(string yaml, FlowScript script) => TestFlow.StartAsync(yaml, new TestFlowOptions { Script = script, ShortCall = TimeSpan.MaxValue });

    /// <summary>Replicas can be lent when they wait for work, to which they come a little after the start.</summary>
    private static Task IdleAsync(TestFlow flow) => TestTimeout.UntilAsync(() => flow.Runtime.Health.All(pool => pool.Busy == 0), "the replicas to be free");
}
