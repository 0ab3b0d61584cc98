using FlowKit.TestKit;

namespace FlowKit.Conformance.Protocols;

/// <summary>Holds for the protocols of a worker, before one executor: the flow around it is elsewhere.</summary>
public abstract class WorkerProtocolSuite : ProtocolSuite
{
    [Fact]
    public async Task What_the_executor_does_not_answer_passes_through_it()
    {
        await using var server = await ServeAsync("name: a, uses: Narrow", "", new TestFlowOptions { Executors = [typeof(Narrow)] });
        await using var caller = server.Connect();

        var passed = await caller.CallAsync(new ProtocolCall(new Document("1") { Text = "a" }) { Endpoint = "/elsewhere" });
        var answered = await caller.CallAsync(new ProtocolCall(new Document("1") { Text = "a" }) { Endpoint = "/only" });

        Assert.Equal((null, null), (passed.Error, answered.Error));
        Assert.Equal(("a", "a!"), (passed.Documents[0].Text, answered.Documents[0].Text));
    }
}
