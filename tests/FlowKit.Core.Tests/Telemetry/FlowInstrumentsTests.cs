using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FlowKit.TestKit;

namespace FlowKit.Telemetry;

/// <summary>What the meter tells of a running flow.</summary>
public sealed class FlowInstrumentsTests : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Name, string? Executor, string? Other, double Value)> _told = new();

    public FlowInstrumentsTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == FlowTelemetry.Name)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Tell(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Tell(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Tell(instrument, value, tags));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Queues_replicas_and_waits_are_told_while_a_request_waits()
    {
        using var gate = new ManualGate();
        var script = new FlowScript().On("metered_a", call => gate.PassAsync(call.Token));
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("metered_a"), new TestFlowOptions { Script = script });
        var posts = Enumerable.Range(0, 3).Select(_ => flow.PostAsync("/run", new Document { Text = "x" })).ToList();
        await gate.ArrivedAsync();
        await TestTimeout.UntilAsync(() => flow.Runtime.Health[0].Requests == 2, "two in the queue");

        _listener.RecordObservableInstruments();

        Assert.Equal(2, Last("flowkit.queue.depth", "metered_a"));
        Assert.Equal(2, Last("flowkit.queue.documents", "metered_a"));
        Assert.Equal((1, 1, 1, 0), (Last("flowkit.executor.replicas", "metered_a"), Last("flowkit.executor.replicas.ready", "metered_a"), Last("flowkit.executor.replicas.busy", "metered_a"), Last("flowkit.executor.circuit.open", "metered_a")));
        gate.Open();
        await Task.WhenAll(posts);
        _listener.RecordObservableInstruments();
        Assert.Equal(0, Last("flowkit.queue.depth", "metered_a"));
        Assert.Equal(3, _told.Count(told => told is { Name: "flowkit.executor.duration", Executor: "metered_a" }));
        Assert.True(_told.Count(told => told is { Name: "flowkit.queue.wait", Executor: "metered_a" }) >= 2);
    }

    [Fact]
    public async Task Failures_are_told_by_their_error()
    {
        var script = new FlowScript().Edit("metered_b", _ => throw new FlowKitException(FlowErrorCode.InvalidArgument, "no"));
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("metered_b"), new TestFlowOptions { Script = script });

        await flow.PostAsync("/run", new Document { Text = "x" });

        Assert.Equal("InvalidArgument", Assert.Single(_told, told => told is { Name: "flowkit.executor.failures", Executor: "metered_b" }).Other);
    }

    [Fact]
    public async Task A_flow_that_has_ended_is_told_of_no_more()
    {
        await using (await TestFlow.StartAsync(FlowText.Chain("metered_c"), new TestFlowOptions { Script = new FlowScript() }))
        {
        }

        _listener.RecordObservableInstruments();

        Assert.DoesNotContain(_told, told => told.Executor == "metered_c");
    }

    [Theory]
    [InlineData("", 0.5)]
    [InlineData(", max_batch_size: 8", 0.25)]
    [InlineData(", flush_all: true", null)]
    public async Task A_batch_is_as_full_as_it_could_be(string more, double? fill)
    {
        var name = $"filled_{more.Length}";
        var text = $$"""
            jtype: Flow
            executors:
              - name: {{name}}
                uses: Echo
                uses_dynamic_batching: {/run: {preferred_batch_size: 4, timeout: 1{{more}} } }
            """;
        await using var flow = await TestFlow.StartAsync(text, typeof(Echo));

        await flow.PostAsync("/run", new Document { Text = "x" }, new Document { Text = "y" });

        Assert.Equal(2, Last("flowkit.batch.size", name));
        var told = _told.Where(told => told.Name == "flowkit.batch.fill" && told.Executor == name).Select(told => told.Value);
        Assert.Equal(fill is { } expected ? [expected] : [], told);
    }

    private double Last(string name, string executor) => _told.Last(told => told.Name == name && told.Executor == executor).Value;

    private void Tell(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var (executor, other) = ((string?)null, (string?)null);
        foreach (var (name, tag) in tags)
        {
            (executor, other) = name == "executor" ? (tag?.ToString(), other) : (executor, tag?.ToString());
        }

        _told.Enqueue((instrument.Name, executor, other, value));
    }

    /// <summary>Passes documents on.</summary>
    public sealed class Echo : Executor
    {
        /// <summary>Looks at them.</summary>
        [Requests("/run")]
        public static void Run(DocumentArray documents) => Assert.NotEmpty(documents);
    }
}
