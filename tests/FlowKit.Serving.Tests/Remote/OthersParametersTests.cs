using System.Text.Json.Nodes;
using FlowKit.Runtime;
using FlowKit.TestKit;

namespace FlowKit.Serving.Remote;

/// <summary>A request's parameters are for all executors on its way: one elsewhere does not refuse those that another one reads.</summary>
public sealed class OthersParametersTests
{
    [Fact]
    public async Task An_executor_elsewhere_lets_the_parameters_of_others_be()
    {
        await using var worker = await JournalWorker.StartAsync();
        await using var flow = await TestFlow.StartAsync(
            $"jtype: Flow\nexecutors:\n  - {{name: far, external: true, port: {worker.Port}}}\n", typeof(RemoteExecutor));
        var request = new FlowRequest("/look", [new Document("a")]) { Parameters = new Parameters(new JsonObject { ["limit"] = 3 }) };

        var reply = await flow.Runtime.SendAsync(request, CancellationToken.None).WithTimeout();

        Assert.Null(reply.Error);
        Assert.Equal(1, worker.Journal.Seen("/look"));
    }
}
