using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FlowKit.TestKit;

namespace FlowKit.Telemetry.Jina;

/// <summary>What Jina's instruments tell of a running flow, each pod by a meter of its own.</summary>
public sealed class JinaMetersTests : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Meter, string Name, string Labels, double Value)> _told = new();

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task A_pod_tells_of_its_requests_its_calls_and_its_documents()
    {
        await using var flow = await StartAsync(FlowText.Chain("first", "second"), new FlowScript());

        await flow.PostAsync("/run", new Document { Text = "abcd" }, new Document { Text = "ef" });

        const string Call = "executor=ScriptedExecutor executor_endpoint=/run runtime_name=first/rep-0";
        Assert.Equal([2], Values("first", "jina_document_processed", Call));
        Assert.Single(Values("first", "jina_process_request_seconds", Call));
        Assert.Equal([12], Values("first", "jina_received_request_bytes", Call));
        Assert.Equal([12], Values("first", "jina_request_size_bytes", Call));
        Assert.Equal([1], Values("first", "jina_successful_requests", "runtime_name=first/rep-0"));
        Assert.Single(Values("second", "jina_receiving_request_seconds", "runtime_name=second/rep-0"));
        Assert.Single(Values("second", "jina_sent_response_bytes", "runtime_name=second/rep-0"));

        const string Gateway = "runtime_name=gateway/rep-0";
        Assert.Equal([12], Values("gateway", "jina_received_request_bytes", Gateway));
        Assert.Equal([1], Values("gateway", "jina_successful_requests", Gateway));
        Assert.Single(Values("gateway", "jina_receiving_request_seconds", Gateway));
        Assert.Single(Values("gateway", "jina_sent_response_bytes", Gateway));
        foreach (var name in new[] { "jina_sending_request_seconds", "jina_sent_request_bytes", "jina_received_response_bytes" })
        {
            Assert.Single(Values("gateway", name, "runtime_name=gateway/rep-0 deployment=first"));
            Assert.Single(Values("gateway", name, "runtime_name=gateway/rep-0 deployment=second"));
        }

        Assert.All(_told.Where(told => told.Meter.EndsWith(".first", StringComparison.Ordinal)), told => Assert.Contains("runtime_name=first/", told.Labels, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failure_counts_as_one_where_it_happens_and_at_the_gateway()
    {
        var script = new FlowScript().Edit("second", _ => throw new FlowKitException(FlowErrorCode.InvalidArgument, "no"));
        await using var flow = await StartAsync(FlowText.Chain("first", "second"), script);

        await flow.PostAsync("/run", new Document { Text = "x" });

        Assert.Equal([1], Values("second", "jina_failed_requests", "runtime_name=second/rep-0"));
        Assert.Equal([1], Values("gateway", "jina_failed_requests", "runtime_name=gateway/rep-0"));
        Assert.Equal([1], Values("first", "jina_successful_requests", "runtime_name=first/rep-0"));
        Assert.Empty(Values("second", "jina_receiving_request_seconds"));
        Assert.Empty(Values("second", "jina_document_processed"));
        Assert.Empty(Values("gateway", "jina_successful_requests"));
        Assert.Single(Values("gateway", "jina_sending_request_seconds", "runtime_name=gateway/rep-0 deployment=second"));
        Assert.Empty(Values("gateway", "jina_received_response_bytes", "runtime_name=gateway/rep-0 deployment=second"));
    }

    [Fact]
    public async Task A_batch_is_one_call_for_several_requests()
    {
        const string Text = "jtype: Flow\nexecutors:\n  - {name: batched, uses: Scripted, uses_dynamic_batching: {/run: {preferred_batch_size: 4, timeout: 60000}}}\n";
        await using var flow = await StartAsync(Text, new FlowScript());

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => flow.PostAsync("/run", new Document { Text = "ab" })));

        Assert.Equal([4], Values("batched", "jina_document_processed"));
        Assert.Single(Values("batched", "jina_process_request_seconds"));
        Assert.Equal([16], Values("batched", "jina_received_request_bytes"));
        Assert.Equal([4], Values("batched", "jina_successful_requests"));
        Assert.Equal(4, Values("batched", "jina_receiving_request_seconds").Length);
        Assert.Equal([4, 4, 4, 4], Values("gateway", "jina_received_response_bytes"));
    }

    [Fact]
    public async Task Shards_and_pending_requests_are_told()
    {
        using var gate = new ManualGate();
        var script = new FlowScript().On("sharded", call => gate.PassAsync(call.Token));
        await using var flow = await StartAsync(FlowText.Graph(("sharded, shards: 2, polling: ALL", "gateway")), script);
        var posting = flow.PostAsync("/run", new Document { Text = "x" });
        await gate.ArrivedAsync();

        _listener.RecordObservableInstruments();
        Assert.Equal(1, Values("gateway", "jina_number_of_pending_requests", "runtime_name=gateway/rep-0")[^1]);
        gate.Open();
        await posting;
        _listener.RecordObservableInstruments();
        Assert.Equal(0, Values("gateway", "jina_number_of_pending_requests", "runtime_name=gateway/rep-0")[^1]);
        Assert.Equal([1], Values("sharded", "jina_successful_requests", "runtime_name=sharded/shard-0/rep-0"));
        Assert.Equal([1], Values("sharded", "jina_successful_requests", "runtime_name=sharded/shard-1/rep-0"));
    }

    [Fact]
    public async Task Two_flows_with_executors_of_one_name_have_meters_of_their_own()
    {
        await using var other = await TestFlow.StartAsync(FlowText.Chain("first"), new TestFlowOptions { Script = new FlowScript() });
        await using var flow = await StartAsync(FlowText.Chain("first"), new FlowScript());

        Assert.NotEqual(other.Runtime.Meters.MeterOf("first"), flow.Runtime.Meters.MeterOf("first"));
        await other.PostAsync("/run", new Document { Text = "x" });
        Assert.Empty(_told);
    }

    /// <summary>A flow that is listened to, and it alone.</summary>
    private async Task<TestFlow> StartAsync(string text, FlowScript script)
    {
        var flow = await TestFlow.StartAsync(text, new TestFlowOptions { Script = script });
        var scope = flow.Runtime.Meters.MeterOf("");
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name.StartsWith(scope, StringComparison.Ordinal))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Tell(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Tell(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Tell(instrument, value, tags));
        _listener.Start();
        return flow;
    }

    private double[] Values(string pod, string name, string? labels = null) =>
    [
        .. _told.Where(told => told.Meter.EndsWith($".{pod}", StringComparison.Ordinal) && told.Name == name && (labels is null || told.Labels == labels))
            .Select(told => told.Value),
    ];

    private void Tell(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        List<string> labels = [];
        foreach (var (name, tag) in tags)
        {
            labels.Add($"{name}={tag}");
        }

        _told.Enqueue((instrument.Meter.Name, instrument.Name, string.Join(' ', labels), value));
    }
}
