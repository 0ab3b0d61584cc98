using System.Threading.Channels;
using FlowKit.Runtime;
using FlowKit.Serving.Gateway;
using FlowKit.Serving.Worker;
using FlowKit.TestKit;

namespace FlowKit.Serving.Remote;

/// <summary>Generators elsewhere are asked for streams: one document after another, over several hops, given up with the caller.</summary>
public sealed class RemoteStreamTests
{
    private readonly Channel<Document> _made = Channel.CreateUnbounded<Document>();

    private int _ended;

    /// <summary>A worker whose one method streams what the test makes.</summary>
    private async Task<TestWorker> WorkAsync()
    {
        StreamingExecutor.Make = MakeAsync;
        return await TestWorker.StartAsync("name: a, uses: Streaming", new TestFlowOptions { Executors = [typeof(StreamingExecutor)] });
    }

    private async IAsyncEnumerable<Document> MakeAsync(DocumentArray given, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var document in _made.Reader.ReadAllAsync(cancellationToken))
            {
                document.Uri = $"{given[0].Id} of {given.Count}";
                yield return document;
            }
        }
        finally
        {
            Interlocked.Increment(ref _ended);
        }
    }

    private static async Task<TestFlow> AskAsync(int port, string more = "")
    {
        var flow = await TestFlow.StartAsync(
            $"jtype: Flow\nexecutors:\n  - {{name: far, external: true, port: {port}}}\n{more}", typeof(RemoteExecutor));
        await TestTimeout.UntilAsync(() => flow.Runtime.Endpoints.ContainsKey("/stream"), "the endpoints to be told");
        return flow;
    }

    private static IAsyncEnumerator<Document> Stream(TestFlow flow, CancellationToken cancellationToken, params Document[] documents) =>
        flow.Runtime.StreamAsync(new FlowRequest("/stream", new DocumentArray(documents)), cancellationToken).GetAsyncEnumerator(cancellationToken);

    private async Task<Document> NextAsync(IAsyncEnumerator<Document> stream, string id)
    {
        await _made.Writer.WriteAsync(new Document(id));
        Assert.True(await stream.MoveNextAsync().AsTask().WithTimeout());
        return stream.Current;
    }

    [Fact]
    public async Task A_document_is_there_before_the_next_is_made_and_the_worker_ends_with_the_caller()
    {
        await using var worker = await WorkAsync();
        await using var flow = await AskAsync(worker.Port);
        var stream = Stream(flow, CancellationToken.None, new Document("q"));

        Assert.Equal(("1", "q of 1"), ((await NextAsync(stream, "1")) is var first ? (first.Id, first.Uri) : default));
        Assert.Equal("2", (await NextAsync(stream, "2")).Id);
        Assert.Equal(0, _ended);
        await stream.DisposeAsync();

        await TestTimeout.UntilAsync(() => Volatile.Read(ref _ended) == 1, "the worker's method to end");
        await TestTimeout.UntilAsync(() => flow.Runtime.InFlight == 0 && worker.Flow.Runtime.InFlight == 0, "both flows to be idle");
    }

    [Fact]
    public async Task A_stream_goes_over_two_hops()
    {
        await using var worker = await WorkAsync();
        await using var middle = await TestGateway.StartAsync(
            $"jtype: Flow\nexecutors: [{{name: far, external: true, port: {worker.Port}}}]\ngateway: {{port: 0, protocol: grpc}}",
            new TestFlowOptions { Executors = [typeof(RemoteExecutor)] });
        await TestTimeout.UntilAsync(() => middle.Flow.Runtime.Endpoints.ContainsKey("/stream"), "the endpoints to be told");
        await using var flow = await AskAsync(middle.Host.Address.Port);
        await using var stream = Stream(flow, CancellationToken.None, new Document("q"));

        Assert.Equal("1", (await NextAsync(stream, "1")).Id);
        Assert.Equal("2", (await NextAsync(stream, "2")).Id);
        _made.Writer.Complete();

        Assert.False(await stream.MoveNextAsync().AsTask().WithTimeout());
        Assert.Equal(1, _ended);
    }

    [Fact]
    public async Task A_slow_caller_slows_the_worker()
    {
        await using var worker = await WorkAsync();
        await using var flow = await AskAsync(worker.Port);
        var blob = new byte[256 << 10];
        Random.Shared.NextBytes(blob);
        for (var count = 0; count < 400; count++)
        {
            await _made.Writer.WriteAsync(new Document($"{count}") { Blob = blob });
        }

        await using (var stream = Stream(flow, CancellationToken.None, new Document("q")))
        {
            Assert.True(await stream.MoveNextAsync().AsTask().WithTimeout());
            var (before, left) = (-1, _made.Reader.Count);
            while (before != left)
            {
                await Task.Delay(300);
                (before, left) = (left, _made.Reader.Count);
            }

            // A hundred megabytes were made; what is on the way is a few windows of HTTP/2.
            Assert.InRange(left, 200, 399);
        }
    }

    [Fact]
    public async Task A_caller_that_does_not_stream_gets_all_documents_of_each_document()
    {
        await using var worker = await WorkAsync();
        await using var flow = await AskAsync(worker.Port);
        for (var count = 0; count < 3; count++)
        {
            await _made.Writer.WriteAsync(new Document($"{count}"));
        }

        _made.Writer.Complete();

        var reply = await flow.PostAsync("/stream", new Document("p"), new Document("q")).WithTimeout();

        Assert.Null(reply.Error);
        Assert.Equal(["0", "1", "2"], reply.Documents.Select(document => document.Id));
        Assert.Equal(2, _ended);
    }

    [Fact]
    public async Task What_breaks_on_the_way_is_told_after_what_came()
    {
        await using var worker = await WorkAsync();
        await using var flow = await AskAsync(worker.Port);
        await using var stream = Stream(flow, CancellationToken.None, new Document("q"));

        Assert.Equal("1", (await NextAsync(stream, "1")).Id);
        _made.Writer.Complete(new FormatException("no more"));
        var error = (await Assert.ThrowsAsync<FlowKitException>(() => stream.MoveNextAsync().AsTask().WithTimeout())).Error;

        Assert.Equal(("no more", "far", nameof(FormatException), "Streaming"), (error.Message, error.Executor, error.ExceptionName, error.Details!.ExecutorClass));
    }

    [Fact]
    public async Task A_worker_that_dies_on_the_way_is_told()
    {
        await using var worker = await WorkAsync();
        await using var flow = await AskAsync(worker.Port);
        await using var stream = Stream(flow, CancellationToken.None, new Document("q"));

        Assert.Equal("1", (await NextAsync(stream, "1")).Id);
        var next = stream.MoveNextAsync().AsTask();
        await worker.DisposeAsync();

        Assert.Equal("far", (await Assert.ThrowsAsync<FlowKitException>(() => next.WithTimeout())).Error.Executor);
    }
}
