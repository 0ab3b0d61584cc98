using System.Diagnostics;
using FlowKit.Telemetry;
using OpenTelemetry;

namespace FlowKit.Hosting.Telemetry;

/// <summary>Passes on the spans of one pod: all executors of a process share one activity source.</summary>
/// <param name="pod">The pod.</param>
/// <param name="next">Takes them.</param>
internal sealed class PodSpans(Pod pod, BaseProcessor<Activity> next) : BaseProcessor<Activity>
{
    /// <inheritdoc/>
    public override void OnEnd(Activity data)
    {
        var executor = data.GetTagItem(FlowTraces.ExecutorTag) as string;
        if (pod.IsGateway ? executor is null : executor == pod.Name)
        {
            next.OnEnd(data);
        }
    }

    /// <inheritdoc/>
    protected override bool OnForceFlush(int timeoutMilliseconds) => next.ForceFlush(timeoutMilliseconds);

    /// <inheritdoc/>
    protected override bool OnShutdown(int timeoutMilliseconds) => next.Shutdown(timeoutMilliseconds);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            next.Dispose();
        }

        base.Dispose(disposing);
    }
}
