using System.Collections.Concurrent;
using System.Diagnostics;
using FlowKit.TestKit;

namespace FlowKit.Telemetry;

/// <summary>Calls belong to the request that they are made for, whatever thread makes them.</summary>
public sealed class FlowTracesTests : IDisposable
{
    private readonly ActivitySource _callers = new("FlowTracesTests");
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;
    private string? _leavesOut;

    public FlowTracesTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is FlowTelemetry.Name or "FlowTracesTests",
            Sample = (ref ActivityCreationOptions<ActivityContext> made) =>
                made.Name == _leavesOut ? ActivitySamplingResult.None : ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _callers.Dispose();
    }

    [Fact]
    public async Task Each_call_is_a_child_of_its_request_through_every_channel()
    {
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("traced_a", "traced_b"), new TestFlowOptions { Script = new FlowScript() });
        using var caller = _callers.StartActivity("caller")!;

        await flow.PostAsync("/run", new Document { Text = "x" });

        foreach (var name in (string[])["traced_a", "traced_b"])
        {
            var call = Assert.Single(_ended, activity => activity.OperationName == name);
            Assert.Equal((caller.TraceId, caller.SpanId), (call.TraceId, call.ParentSpanId));
            Assert.Equal(("/run", 1), (call.GetTagItem("flowkit.endpoint"), call.GetTagItem("flowkit.documents")));
        }
    }

    [Fact]
    public async Task A_failed_call_says_so()
    {
        var script = new FlowScript().Edit("traced_c", _ => throw new InvalidOperationException("it broke"));
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("traced_c"), new TestFlowOptions { Script = script });

        await flow.PostAsync("/run", new Document { Text = "x" });

        var call = Assert.Single(_ended, activity => activity.OperationName == "traced_c");
        Assert.Equal((ActivityStatusCode.Error, "it broke"), (call.Status, call.StatusDescription));
        Assert.Equal("System.InvalidOperationException", call.GetTagItem("error.type"));
    }

    [Fact]
    public async Task A_call_for_several_requests_is_linked_to_all_and_each_has_a_part_that_leads_to_it()
    {
        const string Text = """
            jtype: Flow
            executors:
              - name: traced_d
                uses: BatchedEcho
                uses_dynamic_batching: {/run: {preferred_batch_size: 2, timeout: 60000}}
            """;
        await using var flow = await TestFlow.StartAsync(Text, typeof(BatchedEcho));
        using var first = _callers.CreateActivity("first", ActivityKind.Client)!.Start();
        var one = flow.PostAsync("/run", new Document { Text = "x" });
        first.Stop();
        using var second = _callers.CreateActivity("second", ActivityKind.Client)!.Start();
        await Task.WhenAll(one, flow.PostAsync("/run", new Document { Text = "y" }));

        var batch = Assert.Single(_ended, activity => activity.OperationName == "traced_d batch");
        Assert.Equal(new[] { first.SpanId, second.SpanId }.Order(Comparer<ActivitySpanId>.Create(Compare)), batch.Links.Select(link => link.Context.SpanId).Order(Comparer<ActivitySpanId>.Create(Compare)));
        await TestTimeout.UntilAsync(() => _ended.Count(activity => activity.OperationName == "traced_d") == 2, "both parts");
        Assert.All(_ended.Where(activity => activity.OperationName == "traced_d"), part =>
        {
            Assert.Contains(part.ParentSpanId, new[] { first.SpanId, second.SpanId });
            Assert.Equal(batch.SpanId, Assert.Single(part.Links).Context.SpanId);
        });
    }

    [Fact]
    public async Task The_calls_of_a_request_that_is_left_out_ask_no_sampler_and_belong_to_no_trace()
    {
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("traced_e"), new TestFlowOptions { Script = new FlowScript() });
        using var caller = _callers.StartActivity("left out")!;
        caller.IsAllDataRequested = false;
        caller.ActivityTraceFlags = ActivityTraceFlags.None;

        await flow.PostAsync("/run", new Document { Text = "x" });

        Assert.DoesNotContain(_ended, activity => activity.OperationName == "traced_e");
    }

    [Fact]
    public async Task A_batch_that_a_sampler_leaves_out_belongs_to_the_request_that_it_has_taken()
    {
        const string Text = """
            jtype: Flow
            executors:
              - name: traced_f
                uses: BatchedEcho
                uses_dynamic_batching: {/run: {preferred_batch_size: 2, timeout: 60000}}
            """;
        await using var flow = await TestFlow.StartAsync(Text, typeof(BatchedEcho));
        _leavesOut = "traced_f batch";
        using var taken = _callers.CreateActivity("taken", ActivityKind.Client)!.Start();
        var one = flow.PostAsync("/run", new Document { Text = "x" });
        taken.Stop();
        using var other = _callers.CreateActivity("other", ActivityKind.Client)!.Start();
        await Task.WhenAll(one, flow.PostAsync("/run", new Document { Text = "y" }));

        await TestTimeout.UntilAsync(() => _ended.Count(activity => activity.OperationName == "traced_f") == 2, "both calls");
        var batch = Assert.Single(_ended, activity => activity.OperationName == "traced_f" && activity.ParentSpanId == taken.SpanId);
        Assert.Equal(other.SpanId, Assert.Single(batch.Links).Context.SpanId);
        var part = Assert.Single(_ended, activity => activity.OperationName == "traced_f" && activity.ParentSpanId == other.SpanId);
        Assert.Equal(batch.SpanId, Assert.Single(part.Links).Context.SpanId);
    }

    private static int Compare(ActivitySpanId left, ActivitySpanId right) => string.CompareOrdinal(left.ToHexString(), right.ToHexString());

    /// <summary>Passes documents on.</summary>
    public sealed class BatchedEcho : Executor
    {
        /// <summary>Looks at them.</summary>
        [Requests("/run")]
        public static void Echo(DocumentArray documents) => Assert.NotEmpty(documents);
    }
}
