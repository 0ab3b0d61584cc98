using System.Diagnostics;
using FlowKit.Telemetry;
using OpenTelemetry;

namespace FlowKit.Hosting.Telemetry;

/// <summary>Sends the spans of one pod: all executors of a process share one activity source.</summary>
/// <param name="pod">The pod; <see langword="null"/> for all spans of the process.</param>
/// <param name="exporter">Sends them.</param>
internal sealed class PodSpans(Pod? pod, BaseExporter<Activity> exporter) : BatchActivityExportProcessor(exporter)
{
    /// <inheritdoc/>
    public override void OnEnd(Activity data)
    {
        if (pod is null || IsOf(pod, data.GetTagItem(FlowTraces.ExecutorTag) as string))
        {
            base.OnEnd(data);
        }
    }

    private static bool IsOf(Pod pod, string? executor) => pod.IsGateway ? executor is null : executor == pod.Name;
}
