using FlowKit.Serving.Worker;
using FlowKit.TestKit;

namespace FlowKit.Serving.Remote;

/// <summary>Documents that come back from elsewhere count in the memory of the flow that asked.</summary>
public sealed class RemoteMemoryTests
{
    [Fact]
    public async Task An_answer_that_does_not_fit_is_refused_and_smaller_ones_go_on()
    {
        var size = 0;
        await using var worker = await TestWorker.StartAsync(
            "name: a, uses: Scripted, failure_threshold: 1000",
            new TestFlowOptions { Script = new FlowScript().Edit("a", documents => documents[0].Blob = new byte[size]) });
        await using var flow = await TestFlow.StartAsync(
            $"jtype: Flow\ngateway: {{memory: 1MB}}\nexecutors:\n  - {{name: far, external: true, port: {worker.Port}}}\n", typeof(RemoteExecutor));

        size = 2_000_000;
        var refused = await flow.PostAsync("/run", new Document("1"));
        size = 500_000;
        var answered = await flow.PostAsync("/run", new Document("1"));

        Assert.Equal(FlowErrorCode.PayloadTooLarge, refused.Error!.Code);
        Assert.Contains("The answer of an executor needs", refused.Error.Message, StringComparison.Ordinal);
        Assert.Equal(500_000, answered.Documents[0].Blob!.Value.Length);
        await TestTimeout.UntilAsync(() => flow.Runtime.Memory.Used == 0, "all memory to be given back");
    }
}
