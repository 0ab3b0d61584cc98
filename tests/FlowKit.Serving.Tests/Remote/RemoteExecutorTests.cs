using System.Text.Json.Nodes;
using FlowKit.Serving.Grpc;
using FlowKit.Serving.Worker;
using FlowKit.TestKit;

namespace FlowKit.Serving.Remote;

/// <summary>A flow that asks executors elsewhere: real workers, real sockets.</summary>
public sealed class RemoteExecutorTests
{
    private static Task<TestWorker> WorkAsync(Func<ScriptedCall, ValueTask<object?>> body) =>
        TestWorker.StartAsync("name: a, uses: Scripted, failure_threshold: 1000", new TestFlowOptions { Script = new FlowScript().On("a", body) });

    private static Task<TestFlow> AskAsync(string keys, params TestWorker[] workers) => TestFlow.StartAsync(
        $"jtype: Flow\nexecutors:\n  - {{name: far, external: true, port: [{string.Join(", ", workers.Select(worker => worker.Port))}]{keys}}}\n",
        typeof(RemoteExecutor));

    private static void Mark(ScriptedCall call, string text)
    {
        foreach (var document in call.Documents)
        {
            document.Text += text;
        }
    }

    [Fact]
    public async Task Its_documents_and_its_results_come_back()
    {
        await using var worker = await WorkAsync(call =>
        {
            Mark(call, "!");
            return new ValueTask<object?>(call.Documents[0].Id == "report" ? new { Count = 3 } : null);
        });
        await using var flow = await AskAsync(", compression: gzip", worker);

        var reply = await flow.PostAsync("/search", new Document("1") { Text = "one", Tensor = NdArray.Wrap(new float[] { 1, 2 }) }, new Document("2") { Text = "two" });
        var report = await flow.PostAsync("/search", new Document("report"));

        Assert.Null(reply.Error);
        Assert.Equal(["1", "2"], reply.Documents.Select(document => document.Id));
        Assert.Equal("two!", reply.Documents[1].Text);
        Assert.Equal(["gateway", "far"], reply.Routes.Select(route => route.Executor));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"count":3}"""), report.Results!["a/rep-0"]));
    }

    [Fact]
    public async Task What_it_throws_is_told_with_its_name_and_the_flow_goes_on()
    {
        await using var worker = await WorkAsync(call => call.Documents[0].Id == "bad" ? throw new FormatException("not like this") : default);
        await using var flow = await AskAsync("", worker);

        for (var i = 0; i < 10; i++)
        {
            var error = (await flow.PostAsync("/run", new Document("bad"))).Error!;
            Assert.Equal(("not like this", "far", nameof(FormatException)), (error.Message, error.Executor, error.ExceptionName));
        }

        Assert.Null((await flow.PostAsync("/run", new Document("good"))).Error);
        Assert.Equal(0, flow.Runtime.Health[0].Restarts);
    }

    [Fact]
    public async Task Calls_go_to_every_replica_and_go_on_when_one_is_gone()
    {
        var asked = new int[2];
        await using var first = await WorkAsync(async call =>
        {
            Interlocked.Increment(ref asked[0]);
            await Task.Delay(5);
            Mark(call, "!");
            return null;
        });
        await using var second = await WorkAsync(async call =>
        {
            Interlocked.Increment(ref asked[1]);
            await Task.Delay(5);
            Mark(call, "!");
            return null;
        });
        await using var flow = await AskAsync("", first, second);

        var before = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => flow.SendAsync($"{i}"))).WithTimeout();
        await first.DisposeAsync();
        var after = new List<Runtime.FlowResponse>();
        foreach (var endpoint in (string[])["/search", "/index"])
        {
            // Reads first: a write that meets a connection just lost may have been seen, and is not sent again.
            for (var i = 0; i < 30; i++)
            {
                after.Add(await flow.PostAsync(endpoint, new Document($"{i}")));
            }
        }

        Assert.All(before, reply => Assert.Null(reply.Error));
        Assert.All(asked, count => Assert.InRange(count, 20, 250));
        Assert.All(after, reply => Assert.Null(reply.Error));
    }

    [Theory]
    [InlineData("/search")]
    [InlineData("/index")]
    public async Task What_a_replica_that_cannot_be_reached_was_never_sent_goes_to_another(string endpoint)
    {
        using var gone = await SilentPeer.FullAsync();
        await using var worker = await WorkAsync(call => default);
        await using var flow = await TestFlow.StartAsync(
            $"jtype: Flow\nexecutors:\n  - {{name: far, external: true, port: [{gone.Port}, {worker.Port}], concurrency: 8}}\n", typeof(RemoteExecutor));

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => flow.PostAsync(endpoint, new Document($"{i}")))).WithTimeout();

        Assert.All(replies, reply => Assert.Null(reply.Error));
    }

    [Fact]
    public async Task An_address_where_nobody_is_is_named()
    {
        var worker = await WorkAsync(call => default);
        await using var flow = await AskAsync("", worker);
        await worker.DisposeAsync();

        var error = (await flow.PostAsync("/index", new Document("1"))).Error!;
        var dryRun = (await flow.PostAsync(Components.EndpointTable.DryRun, new Document())).Error!;

        Assert.Equal((FlowErrorCode.Unavailable, "far"), (error.Code, error.Executor));
        Assert.Contains($"localhost:{worker.Port}", error.Message, StringComparison.Ordinal);
        Assert.Equal(FlowErrorCode.Unavailable, dryRun.Code);
    }

    [Fact]
    public async Task A_deadline_goes_along_and_ends_the_call_there()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var worker = await WorkAsync(async call =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, call.Token);
            }
            finally
            {
                ended.TrySetResult();
            }

            return null;
        });
        await using var flow = await AskAsync("", worker);

        var reply = await flow.SendAsync("1", timeout: TimeSpan.FromSeconds(2)).WithTimeout();

        Assert.Equal(FlowErrorCode.DeadlineExceeded, reply.Error!.Code);
        await ended.Task.WithTimeout();
    }

    [Fact]
    public async Task Many_calls_are_under_way_at_once()
    {
        using var all = new CountdownEvent(32);
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var worker = await TestWorker.StartAsync("name: a, uses: Scripted, replicas: 32", new TestFlowOptions
        {
            Script = new FlowScript().On("a", async _ =>
            {
                if (all.Signal())
                {
                    open.SetResult();
                }

                await open.Task;
                return null;
            }),
        });
        await using var flow = await AskAsync(", concurrency: 32", worker);

        Assert.All(await Task.WhenAll(Enumerable.Range(0, 32).Select(i => flow.SendAsync($"{i}"))).WithTimeout(), reply => Assert.Null(reply.Error));
    }
}
