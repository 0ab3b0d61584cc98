using System.Diagnostics.Metrics;
using FlowKit.Telemetry;

namespace FlowKit.Serving.Gateway.Queue;

/// <summary>The counters of the queue in front of a flow.</summary>
internal static class QueueTelemetry
{
    private static readonly Counter<long> s_stored = FlowTelemetry.Meter.CreateCounter<long>(
        "flowkit.gateway.queue.stored", "{request}", "Requests that the queue has stored.");

    private static readonly Counter<long> s_taken = FlowTelemetry.Meter.CreateCounter<long>(
        "flowkit.gateway.queue.taken", "{request}", "Requests that were taken out of the queue, by outcome.");

    /// <summary>Counts a request that was stored.</summary>
    /// <param name="queue">The name of the queue.</param>
    public static void Stored(string queue) => s_stored.Add(1, new KeyValuePair<string, object?>("queue", queue));

    /// <summary>Counts a request that was taken out.</summary>
    /// <param name="queue">The name of the queue.</param>
    /// <param name="outcome"><c>done</c>, <c>duplicate</c> or <c>dead_letter</c>.</param>
    public static void Took(string queue, string outcome) => s_taken.Add(
        1, new KeyValuePair<string, object?>("queue", queue), new KeyValuePair<string, object?>("outcome", outcome));
}
