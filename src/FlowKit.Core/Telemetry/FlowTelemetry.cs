using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace FlowKit.Telemetry;

/// <summary>The one meter and the one activity source, both named <c>FlowKit</c>.</summary>
public static class FlowTelemetry
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "FlowKit";

    private static readonly Meter s_meter = new(Name);

    private static readonly Counter<long> s_requests = s_meter.CreateCounter<long>(
        "flowkit.requests", "{request}", "Requests answered, by outcome.");

    private static readonly Histogram<double> s_requestDuration = s_meter.CreateHistogram<double>(
        "flowkit.request.duration", "s", "From admission to reply.");

    private static readonly Histogram<double> s_executorDuration = s_meter.CreateHistogram<double>(
        "flowkit.executor.duration", "s", "One call of an executor.");

    private static readonly Counter<long> s_documents = s_meter.CreateCounter<long>(
        "flowkit.executor.documents", "{document}", "Documents given to an executor.");

    private static readonly Counter<long> s_skipped = s_meter.CreateCounter<long>(
        "flowkit.executor.skipped", "{request}", "Requests dropped before an executor because nobody waits for them any more.");

    private static readonly UpDownCounter<long> s_queued = s_meter.CreateUpDownCounter<long>(
        "flowkit.queue.depth", "{request}", "Requests waiting in an executor's inbox.");

    private static readonly Histogram<int> s_batchSize = s_meter.CreateHistogram<int>(
        "flowkit.batch.size", "{document}", "Documents of one batch.");

    private static readonly Counter<long> s_retries = s_meter.CreateCounter<long>(
        "flowkit.executor.retries", "{request}", "Calls tried again after they met a failed replica.");

    private static readonly Counter<long> s_restarts = s_meter.CreateCounter<long>(
        "flowkit.executor.restarts", "{restart}", "Replicas restarted or replaced after failing.");

    /// <summary>Starts an activity per executor call when anyone listens.</summary>
    public static ActivitySource Activities { get; } = new(Name);

    internal static void Enqueued(string executor)
    {
        if (s_queued.Enabled)
        {
            s_queued.Add(1, Tag("executor", executor));
        }
    }

    internal static void Started(string executor, bool skipped)
    {
        if (s_queued.Enabled)
        {
            s_queued.Add(-1, Tag("executor", executor));
        }

        if (skipped)
        {
            s_skipped.Add(1, Tag("executor", executor));
        }
    }

    internal static void Finished(string executor, TimeProvider time, long start, int documents)
    {
        if (s_executorDuration.Enabled || s_documents.Enabled)
        {
            s_executorDuration.Record(time.GetElapsedTime(start).TotalSeconds, Tag("executor", executor));
            s_documents.Add(documents, Tag("executor", executor));
        }
    }

    internal static void Batched(string executor, int documents)
    {
        if (s_batchSize.Enabled)
        {
            s_batchSize.Record(documents, Tag("executor", executor));
        }
    }

    internal static void Retried(string executor) => s_retries.Add(1, Tag("executor", executor));

    internal static void Restarted(string executor) => s_restarts.Add(1, Tag("executor", executor));

    internal static void Settled(TimeSpan duration, FlowError? error)
    {
        if (s_requests.Enabled || s_requestDuration.Enabled)
        {
            var outcome = Tag("outcome", error?.Code.ToString() ?? "Ok");
            s_requests.Add(1, outcome);
            s_requestDuration.Record(duration.TotalSeconds, outcome);
        }
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
