using System.Diagnostics;
using FlowKit.Telemetry;

namespace FlowKit.Serving.Ipc;

/// <summary>A trace goes on in the worker.</summary>
[Collection(nameof(TestIpc))]
public sealed class IpcTraceTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("vendor=1")]
    public void A_context_comes_back_as_it_was_written(string? state)
    {
        var context = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, state);

        var read = IpcTrace.Read(IpcTrace.Write(context));

        Assert.True(read.IsRemote);
        Assert.Equal(
            (context.TraceId, context.SpanId, context.TraceFlags, context.TraceState), (read.TraceId, read.SpanId, read.TraceFlags, read.TraceState));
    }

    [Fact]
    public void What_is_too_short_is_none() => Assert.Throws<InvalidDataException>(() => IpcTrace.Read(new byte[24]));

    [Fact]
    public async Task The_workers_call_belongs_to_the_callers_trace_and_the_next_without_one_to_none()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is FlowTelemetry.Name or nameof(IpcTraceTests),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        using var callers = new ActivitySource(nameof(IpcTraceTests));
        List<ActivityTraceId?> seen = [];
        await using var connection = await TestIpc.StartAsync(_ =>
        {
            seen.Add(Activity.Current?.TraceId);
            return new ValueTask<object?>((object?)null);
        });
        var client = connection.Client();

        using (var caller = callers.StartActivity("caller")!)
        {
            await client.InvokeAsync(TestIpc.Call([new Document("1")]));
            Assert.Equal(caller.TraceId, Assert.Single(seen));
        }

        await client.InvokeAsync(TestIpc.Call([new Document("2")]));
        Assert.NotEqual(seen[0], seen[1]);
        Assert.Equal(1, connection.Host.Connections);
    }
}
