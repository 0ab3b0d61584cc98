using FlowKit.Runtime;
using FlowKit.TestKit;

namespace FlowKit.Orchestration.Launching.Processes;

/// <summary>Streams of an executor in a process of its own: one document after another, given up with the caller.</summary>
public sealed class ProcessStreamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Documents_come_one_by_one_and_the_method_ends_when_the_caller_leaves(int sent)
    {
        await using var flow = await WildFlow.StartAsync("runtime: process");
        var documents = new DocumentArray(Enumerable.Range(0, sent).Select(at => new Document($"d{at}")));

        // The method never ends by itself: whoever waits for all of it waits for ever.
        var ticks = await flow.Runtime.StreamAsync(new FlowRequest("/ticks", documents), CancellationToken.None).Take(5).ToListAsync().AsTask().WithTimeout();

        Assert.Equal(["0", "1", "2", "3", "4"], ticks.Select(document => document.Id));
        Assert.All(ticks, document => Assert.StartsWith($"{sent} at ", document.Text, StringComparison.Ordinal));
        Assert.DoesNotContain($" at {Environment.ProcessId}", ticks[0].Text, StringComparison.Ordinal);
        await TestTimeout.UntilAsync(
            () => flow.Logs.Lines.Any(line => line.Contains("the ticks have ended", StringComparison.Ordinal)), "the method to end");
        Assert.Equal("process", flow.Flow.Config.Executors[0].Launch!.Runtime);
    }

    [Fact]
    public async Task What_breaks_on_the_way_is_told_as_the_executor_threw_it()
    {
        await using var flow = await WildFlow.StartAsync("runtime: process");
        var came = new List<Document>();

        var error = await Assert.ThrowsAsync<FlowKitException>(async () =>
        {
            await foreach (var document in flow.Runtime.StreamAsync(new FlowRequest("/breaks", [new Document()]), CancellationToken.None))
            {
                came.Add(document);
            }
        });

        Assert.Equal("first", Assert.Single(came).Id);
        Assert.Equal(("no more", "wild", "InvalidOperationException"), (error.Error.Message, error.Error.Executor, error.Error.ExceptionName));
        Assert.Equal("Wild", error.Error.Details!.ExecutorClass);
    }

    [Fact]
    public async Task A_caller_that_does_not_stream_gets_what_came_until_the_end()
    {
        await using var flow = await WildFlow.StartAsync("runtime: process");

        var reply = await flow.PostAsync("/breaks");

        Assert.Equal("no more", reply.Error!.Message);
    }
}
