using FlowKit.TestKit;

namespace FlowKit.Runtime;

public sealed class LiveChangeTests
{
    private static async Task<(int Sent, List<FlowError> Errors)> LoadAsync(TestFlow flow, CancellationToken stop)
    {
        var (sent, errors) = (0, new List<FlowError>());
        while (!stop.IsCancellationRequested)
        {
            var reply = await flow.SendAsync($"{sent++}", cancellationToken: CancellationToken.None);
            if (reply.Error is { } error)
            {
                errors.Add(error);
            }
        }

        return (sent, errors);
    }

    private static async Task UnderLoadAsync(TestFlow flow, Func<Task> change)
    {
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 4).Select(_ => Task.Run(() => LoadAsync(flow, stop.Token))).ToArray();
        await change();
        await Task.Delay(50);
        await stop.CancelAsync();
        var results = await Task.WhenAll(callers).Soon();
        Assert.Empty(results.SelectMany(result => result.Errors));
        Assert.All(results, result => Assert.True(result.Sent > 1));
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
