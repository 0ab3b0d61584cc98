using System.Diagnostics;
using FlowKit.Configuration.Monitoring;
using OpenTelemetry;

namespace FlowKit.Hosting.Telemetry;

/// <summary>All executors of a process share one source of spans; each pod sends its own.</summary>
public sealed class PodSpansTests
{
    [Theory]
    [InlineData("encoder", "call of encoder")]
    [InlineData("gateway", "POST /post")]
    [InlineData(null, "POST /post, call of encoder, call of indexer")]
    public void A_pod_sends_its_own(string? pod, string expected)
    {
        using var exporter = new CollectingExporter();
        using var spans = new PodSpans(pod is null ? null : new Pod(pod, MonitoringConfig.None), exporter);

        spans.OnEnd(Span("POST /post", null));
        spans.OnEnd(Span("call of encoder", "encoder"));
        spans.OnEnd(Span("call of indexer", "indexer"));
        spans.ForceFlush();

        Assert.Equal(expected.Split(", "), exporter.Sent);
    }

    private static Activity Span(string name, string? executor)
    {
        var span = new Activity(name) { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
        span.SetTag("flowkit.executor", executor);
        span.Stop();
        return span;
    }

    private sealed class CollectingExporter : BaseExporter<Activity>
    {
        public List<string> Sent { get; } = [];

        public override ExportResult Export(in Batch<Activity> batch)
        {
            foreach (var span in batch)
            {
                Sent.Add(span.DisplayName);
            }

            return ExportResult.Success;
        }
    }
}
