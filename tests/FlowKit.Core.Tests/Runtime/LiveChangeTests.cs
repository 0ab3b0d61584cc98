using FlowKit.TestKit;

namespace FlowKit.Runtime;

public sealed class LiveChangeTests
{
    private static async Task<List<FlowError>> LoadAsync(TestFlow flow, int[] answered, int caller, CancellationToken stop)
    {
        var errors = new List<FlowError>();
        for (; !stop.IsCancellationRequested; answered[caller]++)
        {
            var reply = await flow.SendAsync($"{answered[caller]}", cancellationToken: CancellationToken.None);
            if (reply.Error is { } error)
            {
                errors.Add(error);
            }
        }

        return errors;
    }

    private static async Task UnderLoadAsync(TestFlow flow, Func<Task> change)
    {
        using var stop = new CancellationTokenSource();
        var answered = new int[4];
        var callers = answered.Select((_, caller) => Task.Run(() => LoadAsync(flow, answered, caller, stop.Token))).ToArray();
        await EachIsAnsweredAsync();
        await change();
        await EachIsAnsweredAsync();
        await stop.CancelAsync();
        Assert.Empty((await Task.WhenAll(callers).WithTimeout()).SelectMany(errors => errors));

        Task EachIsAnsweredAsync()
        {
            var before = (int[])answered.Clone();
            return TestTimeout.UntilAsync(() => before.Zip(answered).All(pair => pair.Second > pair.First + 1), "answers to every caller");
        }
    }

    [Fact]
    public async Task Replicas_grow_and_shrink_under_load_without_losing_a_request()
    {
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a", "b"));

        await UnderLoadAsync(flow, async () =>
        {
            await flow.ScaleAsync("a", 4);
            Assert.Equal((4, 4), (flow.Runtime.Health[0].Replicas, flow.Runtime.Health[0].Ready));
            await flow.ScaleAsync("a", 1);
        });

        Assert.Equal(1, flow.Runtime.Health[0].Ready);
        Assert.Equal(3, flow.Script.Events.Count(what => what == "dispose a"));
    }

    [Fact]
    public async Task A_changed_flow_is_applied_under_load_without_losing_a_request()
    {
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a", "b", "c"));

        await UnderLoadAsync(flow, async () =>
        {
            await flow.ApplyAsync(FlowText.Graph(("a", "gateway"), ("d", "a"), ("c, replicas: 2", "a")));
            Assert.Null((await flow.PostAsync("/run", new Document())).Error);
        });

        Assert.Equal(["a", "c", "d"], flow.Runtime.Graph.Nodes.Select(node => node.Name).Order());
        Assert.Equal(1, flow.Script.Events.Count(what => what == "load a"));
        Assert.Contains("dispose b", flow.Script.Events);
    }

    [Fact]
    public async Task A_changed_setting_replaces_the_executor_replica_by_replica()
    {
        await using var flow = await TestFlow.StartAsync(FlowText.Graph(("a, replicas: 2", "gateway")));

        await UnderLoadAsync(flow, () => flow.ApplyAsync(FlowText.Graph(("a, replicas: 2, env: {X: 1}", "gateway"))));

        Assert.Equal(4, flow.Script.Events.Count(what => what == "load a"));
        Assert.Equal(2, flow.Script.Events.Count(what => what == "dispose a"));
    }

    [Fact]
    public async Task What_does_not_load_changes_nothing()
    {
        var broken = false;
        var script = new FlowScript { OnLoad = (_, _) => broken ? throw new FlowKitException(FlowErrorCode.FailedPrecondition, "no model") : Task.CompletedTask };
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a"), script);
        broken = true;

        await Assert.ThrowsAsync<FlowKitException>(() => flow.ApplyAsync(FlowText.Chain("a", "b")));

        Assert.Equal(["a"], flow.Runtime.Graph.Nodes.Select(node => node.Name));
        Assert.Null((await flow.PostAsync("/run", new Document())).Error);
    }

    [Fact]
    public async Task An_unknown_executor_cannot_be_scaled_and_a_near_name_is_offered()
    {
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("encoder"));

        var exception = await Assert.ThrowsAsync<FlowKitException>(() => flow.ScaleAsync("encodr", 2));

        Assert.Contains("did you mean 'encoder'", exception.Message, StringComparison.Ordinal);
    }
}
