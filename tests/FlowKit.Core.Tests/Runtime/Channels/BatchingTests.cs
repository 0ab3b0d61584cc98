using System.Collections.Concurrent;
using FlowKit.Configuration.Diagnostics;
using FlowKit.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace FlowKit.Runtime.Channels;

public sealed class BatchingTests
{
    [Executor("Weighing")]
    public sealed class Weighing : Executor
    {
        public static int Letters(Document document) => document.Text!.Length;

        [Requests("/run")]
        [DynamicBatching(PreferredBatchSize = 1, CustomMetric = nameof(Letters))]
        public static void Run(DocumentArray docs)
        {
            foreach (var document in docs)
            {
                document.Tags["with"] = docs.Count;
            }
        }
    }

    private static string Flow(string batching, string more = "") =>
        $"jtype: Flow\nexecutors:\n  - {{name: a, uses: Scripted, uses_dynamic_batching: {{/run: {{{batching}}}}}{more}}}\n";

    [Fact]
    public async Task What_is_queued_when_the_replica_is_free_goes_together_without_waiting()
    {
        using var gate = new ManualGate();
        var script = new FlowScript().On("a", call => gate.PassAsync(call.Token));
        await using var flow = await TestFlow.StartAsync(Flow("preferred_batch_size: 4"), script);

        var first = flow.SendAsync("0");
        await gate.ArrivedAsync();
        var rest = Enumerable.Range(1, 6).Select(i => flow.SendAsync($"{i}")).ToArray();
        await TestTimeout.UntilAsync(() => flow.Runtime.QueueDepths["a"] == 6, "six requests to wait");
        gate.Open();

        var replies = await Task.WhenAll([first, .. rest]).WithTimeout();
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6"], replies.Select(reply => Assert.Single(reply.Documents).Id));
        Assert.Equal([1, 4, 2], script.Calls.Select(call => call.Documents.Count));
    }

    [Fact]
    public async Task A_caller_who_leaves_while_its_batch_is_worked_on_leaves_the_others_their_answers()
    {
        using var gate = new ManualGate();
        using var leaves = new CancellationTokenSource();
        var script = new FlowScript().On("a", call => gate.PassAsync(call.Token));
        await using var flow = await TestFlow.StartAsync(Flow("preferred_batch_size: 3, timeout: 600000"), script);
        var left = flow.SendAsync("1", cancellationToken: leaves.Token);
        var others = new[] { flow.SendAsync("2"), flow.SendAsync("3") };
        await gate.ArrivedAsync();

        await leaves.CancelAsync();

        Assert.Equal(FlowErrorCode.Cancelled, (await left.WithTimeout()).Error!.Code);
        gate.Open();
        Assert.Equal(["2", "3"], (await Task.WhenAll(others).WithTimeout()).Select(reply => Assert.Single(reply.Documents).Id));
        Assert.Equal([3], script.Calls.Select(call => call.Documents.Count));
    }

    [Fact]
    public async Task A_smaller_batch_waits_for_its_timeout_and_a_full_one_does_not()
    {
        var time = new FakeTimeProvider();
        var script = new FlowScript();
        await using var flow = await TestFlow.StartAsync(Flow("preferred_batch_size: 3, timeout: 1000"), new TestFlowOptions { Script = script, TimeProvider = time });

        var small = new[] { flow.SendAsync("1"), flow.SendAsync("2") };
        await TestTimeout.UntilAsync(() => flow.Runtime.QueueDepths["a"] == 2, "two requests to wait");
        Assert.Equal(0, script.CallsOf("a"));
        time.Advance(TimeSpan.FromMilliseconds(1001));
        await Task.WhenAll(small).WithTimeout();
        await Task.WhenAll(flow.SendAsync("3"), flow.SendAsync("4"), flow.SendAsync("5")).WithTimeout();

        Assert.Equal([2, 3], script.Calls.Select(call => call.Documents.Count));
    }

    [Fact]
    public async Task A_request_larger_than_a_batch_is_split_and_comes_back_whole_in_order()
    {
        var script = new FlowScript().Edit("a", documents =>
        {
            foreach (var document in documents)
            {
                document.Text += "!";
            }
        });
        await using var flow = await TestFlow.StartAsync(Flow("preferred_batch_size: 4", ", replicas: 2"), script);

        var reply = await flow.PostAsync("/run", [.. Enumerable.Range(0, 10).Select(i => new Document($"{i}") { Text = $"{i}" })]);

        Assert.Null(reply.Error);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}!"), reply.Documents.Select(document => document.Text));
        Assert.Equal([2, 4, 4], script.Calls.Select(call => call.Documents.Count).Order());
    }

    [Fact]
    public async Task Requests_with_other_parameters_are_other_batches()
    {
        using var gate = new ManualGate();
        var sizes = new ConcurrentQueue<string>();
        var script = new FlowScript().On("a", async call =>
        {
            sizes.Enqueue($"{call.Parameters.Get("k", 0)}:{call.Documents.Count}");
            return await gate.PassAsync(call.Token);
        });
        await using var flow = await TestFlow.StartAsync(Flow("preferred_batch_size: 8"), script);
        var held = flow.SendAsync("held");
        await gate.ArrivedAsync();

        var rest = Enumerable.Range(0, 6).Select(i => flow.Runtime.SendAsync(
            new FlowRequest("/run", [new Document($"{i}")]) { Parameters = new Parameters(new() { ["k"] = (i % 2) + 1 }) }, CancellationToken.None)).ToArray();
        await TestTimeout.UntilAsync(() => flow.Runtime.QueueDepths["a"] == 6, "six requests to wait");
        gate.Open();
        await Task.WhenAll([held, .. rest]).WithTimeout();

        Assert.Equal(["0:1", "1:3", "2:3"], sizes.Order());
    }

    [Fact]
    public async Task Only_the_poisoned_document_fails_when_its_batch_throws()
    {
        using var gate = new ManualGate();
        var script = new FlowScript().On("a", async call =>
        {
            await gate.PassAsync(call.Token);
            return call.Documents.Any(document => document.Id == "5") ? throw new FormatException("cannot take it") : null;
        });
        await using var flow = await TestFlow.StartAsync(Flow("preferred_batch_size: 16"), script);
        var held = flow.SendAsync("held");
        await gate.ArrivedAsync();
        var rest = Enumerable.Range(0, 16).Select(i => flow.SendAsync($"{i}")).ToArray();
        await TestTimeout.UntilAsync(() => flow.Runtime.QueueDepths["a"] == 16, "the requests to wait");
        gate.Open();

        var replies = await Task.WhenAll(rest).WithTimeout();

        Assert.Null((await held).Error);
        Assert.Equal(["5"], replies.Select((reply, i) => (reply, i)).Where(pair => pair.reply.Error is not null).Select(pair => $"{pair.i}"));
        Assert.Equal("cannot take it", replies[5].Error!.Message);
        Assert.InRange(script.CallsOf("a"), 3, 10);
    }

    [Fact]
    public async Task In_a_request_of_several_documents_the_poisoned_one_carries_its_error()
    {
        var script = new FlowScript().On("a", call => call.Documents.Any(document => document.Id == "b") ? throw new FormatException("no") : default);
        await using var flow = await TestFlow.StartAsync(Flow("preferred_batch_size: 4"), script);

        var reply = await flow.PostAsync("/run", new Document("a"), new Document("b"), new Document("c"));

        Assert.Null(reply.Error);
        Assert.Equal(["a", "b", "c"], reply.Documents.Select(document => document.Id));
        Assert.Equal(("b", "a"), (reply.Documents[1].Error!.DocumentId, reply.Documents[1].Error!.Executor));
        Assert.Null(reply.Documents[0].Error);
    }

    [Fact]
    public async Task A_method_that_loses_documents_of_a_batch_is_told_so()
    {
        var script = new FlowScript().On("a", _ => new ValueTask<object?>(new DocumentArray()));
        await using var flow = await TestFlow.StartAsync(Flow("preferred_batch_size: 4"), script);

        var reply = await flow.PostAsync("/run", new Document("1"), new Document("2"));

        Assert.Contains("was given 1 documents in a batch and gave back 0", reply.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flush_all_takes_everything_that_is_queued()
    {
        using var gate = new ManualGate();
        var script = new FlowScript().On("a", call => gate.PassAsync(call.Token));
        await using var flow = await TestFlow.StartAsync(Flow("preferred_batch_size: 2, flush_all: true"), script);
        var first = flow.SendAsync("0");
        await gate.ArrivedAsync();
        var rest = Enumerable.Range(1, 7).Select(i => flow.SendAsync($"{i}")).ToArray();
        await TestTimeout.UntilAsync(() => flow.Runtime.QueueDepths["a"] == 7, "seven requests to wait");
        gate.Open();

        await Task.WhenAll([first, .. rest]).WithTimeout();
        Assert.Equal([1, 7], script.Calls.Select(call => call.Documents.Count));
    }

    [Theory]
    [InlineData("", "2 1")]
    [InlineData(", use_custom_metric: true", "2 1")]
    [InlineData(", use_custom_metric: false", "3")]
    public async Task Documents_count_as_the_metric_says_unless_it_is_switched_off(string more, string calls)
    {
        await using var flow = await TestFlow.StartAsync($"jtype: Flow\nexecutors: [{{name: a, uses: Weighing, uses_dynamic_batching: {{/run: {{preferred_batch_size: 4{more}}}}}}}]\n", typeof(Weighing));

        var reply = await flow.PostAsync("/run", new Document("1") { Text = "ab" }, new Document("2") { Text = "cd" }, new Document("3") { Text = "ef" });

        Assert.Equal(calls, string.Join(' ', reply.Documents.Select(document => document.Tags["with"]!.GetValue<int>()).GroupBy(size => size).OrderByDescending(group => group.Key).Select(group => group.Key)));
    }

    [Fact]
    public async Task A_metric_that_is_not_there_stops_the_start()
    {
        var error = await Assert.ThrowsAsync<FlowConfigException>(() => TestFlow.StartAsync(Flow("preferred_batch_size: 4, use_custom_metric: true")));

        Assert.Contains("use_custom_metric: the method", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_flushes_what_waits_for_a_fuller_batch()
    {
        await using var flow = await TestFlow.StartAsync(Flow("preferred_batch_size: 100, timeout: 3000"));
        var waiting = flow.SendAsync("1");

        await flow.Runtime.StopAsync(TimeSpan.FromSeconds(30)).WithTimeout();

        Assert.Null((await waiting.WithTimeout()).Error);
    }
}
