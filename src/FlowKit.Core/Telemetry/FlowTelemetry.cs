using System.Diagnostics;
using System.Diagnostics.Metrics;
using FlowKit.Runtime;
using FlowKit.Runtime.Channels;

namespace FlowKit.Telemetry;

/// <summary>
/// The one meter and the one activity source, both named <c>FlowKit</c>. A flow pays for neither while nobody listens; docs/monitoring.md
/// names all instruments.
/// </summary>
public static class FlowTelemetry
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "FlowKit";

    /// <summary>From 100 µs, which a call in this process takes, to a minute, which a deadline is.</summary>
    private static readonly InstrumentAdvice<double> s_seconds = new()
    {
        HistogramBucketBoundaries =
            [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    };

    private static readonly InstrumentAdvice<int> s_documentCounts = new()
    {
        HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
    };

    private static readonly Meter s_meter = new(Name);

    private static readonly Counter<long> s_requests = s_meter.CreateCounter<long>(
        "flowkit.requests", "{request}", "Requests answered, by outcome.");

    private static readonly Histogram<double> s_requestDuration = s_meter.CreateHistogram<double>(
        "flowkit.request.duration", "s", "From admission to reply.", tags: null, s_seconds);

    private static readonly Histogram<double> s_executorDuration = s_meter.CreateHistogram<double>(
        "flowkit.executor.duration", "s", "One call of an executor.", tags: null, s_seconds);

    private static readonly Counter<long> s_documents = s_meter.CreateCounter<long>(
        "flowkit.executor.documents", "{document}", "Documents given to an executor.");

    private static readonly Counter<long> s_skipped = s_meter.CreateCounter<long>(
        "flowkit.executor.skipped", "{request}", "Requests dropped before an executor because nobody waits for them any more.");

    private static readonly Histogram<double> s_wait = s_meter.CreateHistogram<double>(
        "flowkit.queue.wait", "s", "The wait of a request before an executor.", tags: null, s_seconds);

    private static readonly Counter<long> s_failures = s_meter.CreateCounter<long>(
        "flowkit.executor.failures", "{call}", "Calls of an executor that failed, by error.");

    private static readonly Counter<long> s_refused = s_meter.CreateCounter<long>(
        "flowkit.requests.refused", "{request}", "Requests that were not let in, by reason.");

    private static readonly Histogram<int> s_batchSize = s_meter.CreateHistogram<int>(
        "flowkit.batch.size", "{document}", "Documents of one batch.", tags: null, s_documentCounts);

    private static readonly InstrumentAdvice<double> s_ratios = new()
    {
        HistogramBucketBoundaries = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
    };

    private static readonly Histogram<double> s_batchFill = s_meter.CreateHistogram<double>(
        "flowkit.batch.fill", "1", "Documents of one batch, of those that it could have.", tags: null, s_ratios);

    private static readonly Counter<long> s_retries = s_meter.CreateCounter<long>(
        "flowkit.executor.retries", "{request}", "Calls tried again after they met a failed replica.");

    private static readonly Counter<long> s_restarts = s_meter.CreateCounter<long>(
        "flowkit.executor.restarts", "{restart}", "Replicas restarted or replaced after failing.");

    static FlowTelemetry() => FlowInstruments.AddTo(s_meter);

    /// <summary>The meter of what a flow tells of its requests and executors; that of a model or an index is its own.</summary>
    internal static Meter Meter => s_meter;

    /// <summary>Starts an activity per executor call when anyone listens.</summary>
    public static ActivitySource Activities { get; } = new(Name);

    /// <summary>Notes that a request was dropped before an executor, since nobody waits for its answer any more.</summary>
    internal static void Skipped(string executor) => s_skipped.Add(1, Tag("executor", executor));

    /// <summary>Notes how long a request has waited before an executor.</summary>
    internal static void Waited(string executor, TimeProvider time, WorkItem item)
    {
        if (s_wait.Enabled && item.Enqueued != 0)
        {
            using var exemplar = new ExemplarScope(item.Request.Trace);
            s_wait.Record(time.GetElapsedTime(item.Enqueued).TotalSeconds, Tag("executor", executor));
        }
    }

    /// <summary>Notes that a request has not waited before an executor: its sender makes the call.</summary>
    internal static void DidNotWait(string executor)
    {
        if (s_wait.Enabled)
        {
            s_wait.Record(0, Tag("executor", executor));
        }
    }

    /// <summary>Notes a call that failed for good.</summary>
    internal static void Failed(string executor, FlowErrorCode code)
    {
        if (s_failures.Enabled)
        {
            s_failures.Add(1, Tag("executor", executor), Tag("error.type", code.ToString()));
        }
    }

    /// <summary>Notes a request that was not let in.</summary>
    internal static void Refused(string reason) => s_refused.Add(1, Tag("reason", reason));

    internal static void Finished(string executor, TimeProvider time, long start, int documents)
    {
        if (s_executorDuration.Enabled || s_documents.Enabled)
        {
            s_executorDuration.Record(time.GetElapsedTime(start).TotalSeconds, Tag("executor", executor));
            s_documents.Add(documents, Tag("executor", executor));
        }
    }

    /// <summary>Notes a batch.</summary>
    /// <param name="executor">The executor.</param>
    /// <param name="documents">Its documents, before the executor has had them.</param>
    /// <param name="policy">Says how many it could have.</param>
    internal static void Batched(string executor, IReadOnlyList<Document> documents, BatchPolicy? policy)
    {
        if (s_batchSize.Enabled)
        {
            s_batchSize.Record(documents.Count, Tag("executor", executor));
        }

        if (s_batchFill.Enabled && policy?.FillOf(documents) is { } fill)
        {
            s_batchFill.Record(fill, Tag("executor", executor));
        }
    }

    internal static void Retried(string executor) => s_retries.Add(1, Tag("executor", executor));

    internal static void Restarted(string executor) => s_restarts.Add(1, Tag("executor", executor));

    internal static void Settled(TimeSpan duration, FlowError? error, Activity? trace)
    {
        if (s_requests.Enabled || s_requestDuration.Enabled)
        {
            using var exemplar = new ExemplarScope(trace);
            var outcome = Tag("outcome", error?.Code.ToString() ?? "Ok");
            s_requests.Add(1, outcome);
            s_requestDuration.Record(duration.TotalSeconds, outcome);
        }
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
