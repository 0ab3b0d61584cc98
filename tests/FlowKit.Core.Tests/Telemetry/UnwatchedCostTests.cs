using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using FlowKit.Runtime;
using FlowKit.Runtime.Channels;
using FlowKit.Runtime.Properties;
using FlowKit.Runtime.Requests;
using FlowKit.Telemetry.Jina;
using FlowKit.TestKit;

namespace FlowKit.Telemetry;

/// <summary>A request of a flow that nobody watches allocates nothing for what could be told of it.</summary>
[Collection(nameof(AloneOnTheMachine))]
public sealed class UnwatchedCostTests
{
    private const int Calls = 1000;

    /// <summary>The bytes of a request over one executor in this process on 64 bits; what is more must be worth it.</summary>
    private const long Budget = 672;

    [Fact]
    public void No_call_that_tells_of_a_request_allocates()
    {
        using var meters = new JinaMeters(() => 0);
        using var request = NewRequest();
        var item = new WorkItem(request, request.Call.Documents) { Enqueued = 1 };
        var (batch, error) = (new Batch(), new FlowError(FlowErrorCode.Internal, "no"));
        var executor = meters.Of("a");
        batch.Take(item);
        var told = new Dictionary<string, Action>(StringComparer.Ordinal)
        {
            ["Skipped"] = () => FlowTelemetry.Skipped("a"),
            ["Waited"] = () => FlowTelemetry.Waited("a", TimeProvider.System, item),
            ["DidNotWait"] = () => FlowTelemetry.DidNotWait("a"),
            ["Failed"] = () => FlowTelemetry.Failed("a", FlowErrorCode.Internal),
            ["Refused"] = () => FlowTelemetry.Refused("capacity"),
            ["Finished"] = () => FlowTelemetry.Finished("a", TimeProvider.System, 1, 1),
            ["Batched"] = () => FlowTelemetry.Batched("a", request.Call.Documents, null),
            ["Retried"] = () => FlowTelemetry.Retried("a"),
            ["Restarted"] = () => FlowTelemetry.Restarted("a"),
            ["Settled"] = () => FlowTelemetry.Settled(TimeSpan.Zero, error, null),
            ["Current"] = () => _ = FlowTraces.Current,
            ["StartCall"] = () => FlowTraces.StartCall("a", item),
            ["StartBatch"] = () => FlowTraces.StartBatch("a", batch, 1),
            ["TellCallers"] = () => FlowTraces.TellCallers("a", batch, null),
            ["Receive"] = () => meters.Gateway.Receive(request.Call.Documents),
            ["Answer"] = () => meters.Gateway.Answer(TimeSpan.Zero, request.Call.Documents, error),
            ["IsEnabled"] = () => _ = executor.IsEnabled,
        };

        Assert.All(told, pair => Assert.Equal((pair.Key, 0), (pair.Key, Bytes(pair.Value))));
        Assert.Empty(MethodsOf(typeof(FlowTelemetry)).Concat(MethodsOf(typeof(FlowTraces))).Except(told.Keys));
    }

    [Fact]
    public void The_journal_allocates_for_the_slow_and_the_failed_alone()
    {
        var journal = new FlowJournal(TimeProvider.System);
        using var request = NewRequest();
        RouteTiming[] routes = [new("gateway", default, default), new("a", default, default)];

        void Note(int milliseconds, FlowError? error = null) => journal.Note(
            request.Call, null, routes, TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System.GetTimestamp(), error);

        for (var i = 0; i <= FlowJournal.Kept; i++)
        {
            Note(10 + i);
        }

        Assert.Equal(0, Bytes(() => Note(5)));
        Assert.NotEqual(0, Bytes(() => Note(5, new FlowError(FlowErrorCode.Internal, "no"))));
        Assert.Equal((FlowJournal.Kept, FlowJournal.Kept), (journal.Slowest.Count, journal.Failed.Count));
    }

    [Fact]
    public async Task A_request_allocates_no_more_after_it_was_watched_than_before_and_keeps_to_its_budget()
    {
        await using var flow = await TestFlow.StartAsync(
            "jtype: Flow\nexecutors:\n  - {name: unwatched, uses: Same}\n",
            new TestFlowOptions { Executors = [typeof(Same)], ShortCall = TimeSpan.MaxValue });
        var before = BytesOfRequest(flow.Runtime);
        long metered, traced, journalled;
        using (ListenToAll())
        {
            metered = BytesOfRequest(flow.Runtime);
        }

        using (TraceAll())
        using (var callers = new ActivitySource(nameof(UnwatchedCostTests)))
        using (callers.StartActivity("caller"))
        {
            traced = BytesOfRequest(flow.Runtime);
        }

        using (flow.Runtime.Journal.Watch())
        {
            journalled = BytesOfRequest(flow.Runtime);
        }

        var after = BytesOfRequest(flow.Runtime);

        Assert.Equal(before, after);
        Assert.True(traced > before, $"traced {traced}, unwatched {before}: nothing was measured");
        Assert.True(journalled > before, $"with the journal {journalled}, unwatched {before}: nothing was measured");
        Assert.True(before <= Budget, $"{before} bytes a request, {metered} with metrics, {traced} traced, {journalled} with the journal");
    }

    private static RequestState NewRequest() => new(
        new FlowRequest("/run", [new Document("1")]), ["a"], TimeProvider.System, null, default, CancellationToken.None, CancellationToken.None);

    private static IEnumerable<string> MethodsOf(Type type) => type
        .GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly)
        .Where(method => method is { IsPrivate: false, IsSpecialName: false })
        .Select(method => method.Name);

    /// <summary>The bytes of one call, when its code is compiled as it stays.</summary>
    private static long Bytes(Action call)
    {
        var least = long.MaxValue;
        for (var round = 0; round < 30; round++)
        {
            var start = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Calls; i++)
            {
                call();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - start);
        }

        return least / Calls;
    }

    /// <summary>The bytes of one request, whose executor is called on this thread.</summary>
    private static long BytesOfRequest(FlowRuntime flow)
    {
        var call = new FlowRequest("/run", [new Document("1")]);
        return Bytes(() =>
        {
            Assert.True(flow.SendAsync(call, CancellationToken.None).IsCompletedSuccessfully);
        });
    }

    private static MeterListener ListenToAll()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument),
        };
        listener.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
        listener.SetMeasurementEventCallback<int>(static (_, _, _, _) => { });
        listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
        listener.Start();
        return listener;
    }

    private static ActivityListener TraceAll()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is FlowTelemetry.Name or nameof(UnwatchedCostTests),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    /// <summary>Passes documents on.</summary>
    public sealed class Same : Executor
    {
        /// <summary>Does nothing.</summary>
        [Requests("/run")]
        public static void Run(DocumentArray documents) => _ = documents.Count;
    }
}
