using System.Runtime.CompilerServices;
using FlowKit.TestKit;

namespace FlowKit.Runtime;

public sealed class StreamTests
{
    [Executor("Counting")]
    public sealed class Counting : Executor
    {
        private static int s_produced;

        public static int Produced => Volatile.Read(ref s_produced);

        public static void Reset() => Volatile.Write(ref s_produced, 0);

        [Requests("/count")]
        public static async IAsyncEnumerable<Document> CountAsync(DocumentArray documents, Parameters parameters, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            for (var i = 0; i < parameters.Get("n", 5); i++)
            {
                if (i == parameters.Get("fails", -1))
                {
                    throw new InvalidOperationException("no more");
                }

                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                Interlocked.Increment(ref s_produced);
                yield return new Document($"{documents[0].Id}{i}");
            }
        }
    }

    private static FlowRequest Call(System.Text.Json.Nodes.JsonObject? parameters = null) => new("/count", [new Document("d")]) { Parameters = new Parameters(parameters ?? []) };

    private static Task<TestFlow> StartAsync(string more = "", FlowScript? script = null) => TestFlow.StartAsync(
        $"jtype: Flow\nexecutors:\n  - {{name: c, uses: Counting}}\n  - {{name: a, uses: Scripted{more}}}\n",
        new TestFlowOptions { Executors = [typeof(Counting)], Script = script ?? new FlowScript() });

    [Fact]
    public async Task Each_document_goes_through_the_rest_of_the_graph_as_it_comes()
    {
        using var gate = new ManualGate();
        var script = new FlowScript().On("a", async call =>
        {
            if (call.Documents[0].Id == "d3")
            {
                await gate.PassAsync(call.Token);
            }

            call.Documents[0].Text = "seen";
            return null;
        });
        await using var flow = await StartAsync("", script);

        var ids = new List<string>();
        await foreach (var document in flow.Runtime.StreamAsync(Call(), CancellationToken.None))
        {
            Assert.Equal("seen", document.Text);
            ids.Add(document.Id);
            if (ids.Count == 3)
            {
                gate.Open();
            }
        }

        Assert.Equal(["d0", "d1", "d2", "d3", "d4"], ids);
    }

    [Fact]
    public async Task A_slow_caller_slows_the_producer()
    {
        Counting.Reset();
        await using var flow = await StartAsync(", capacity: 1");
        await using var stream = flow.Runtime.StreamAsync(Call(new() { ["n"] = 100_000 }), CancellationToken.None).GetAsyncEnumerator();

        Assert.True(await stream.MoveNextAsync().AsTask().WithTimeout());
        await Task.Delay(100);

        Assert.InRange(Counting.Produced, 1, 40);
    }

    [Fact]
    public async Task A_failure_on_the_way_ends_the_stream_with_it()
    {
        await using var flow = await StartAsync();
        var count = 0;

        var exception = await Assert.ThrowsAsync<FlowKitException>(async () =>
        {
            await foreach (var document in flow.Runtime.StreamAsync(Call(new() { ["fails"] = 2 }), CancellationToken.None))
            {
                count++;
            }
        });

        Assert.Equal("no more", exception.Message);
        Assert.InRange(count, 0, 2);
        Assert.Equal(0, flow.Runtime.InFlight);
    }

    [Fact]
    public async Task Without_a_stream_the_documents_are_collected()
    {
        await using var flow = await StartAsync();

        Assert.Equal(["d0", "d1", "d2", "d3", "d4"], (await flow.PostAsync("/count", new Document("d"))).Documents.Select(document => document.Id));
    }
}
