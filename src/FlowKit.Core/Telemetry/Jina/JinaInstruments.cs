using System.Diagnostics.Metrics;

namespace FlowKit.Telemetry.Jina;

/// <summary>The instruments that Jina's gateway and its executors have in common, and the forms of their values.</summary>
/// <param name="meter">The pod's meter.</param>
internal sealed class JinaInstruments(Meter meter) : IDisposable
{
    private static readonly InstrumentAdvice<double> s_seconds = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    };

    private static readonly InstrumentAdvice<long> s_bytes = new()
    {
        HistogramBucketBoundaries = [256, 1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20, 1 << 22, 1 << 24, 1 << 26, 1 << 28],
    };

    /// <summary>The time of requests that were answered.</summary>
    public Histogram<double> Receiving { get; } = Seconds(
        meter, "jina_receiving_request_seconds", "Time from receiving a request to its answer; successful requests alone.");

    /// <summary>The requests that were answered.</summary>
    public Counter<long> Successful { get; } = meter.CreateCounter<long>(
        "jina_successful_requests", unit: null, "Requests answered without an error.");

    /// <summary>The requests that failed.</summary>
    public Counter<long> Failed { get; } = meter.CreateCounter<long>("jina_failed_requests", unit: null, "Requests that failed.");

    /// <summary>The content of requests.</summary>
    public Histogram<long> ReceivedRequest { get; } = Bytes(meter, "jina_received_request_bytes", "Content of the documents received.");

    /// <summary>The content of requests, by the name that Jina had before.</summary>
    public Histogram<long> RequestSize { get; } = Bytes(meter, "jina_request_size_bytes", "The older name of jina_received_request_bytes.");

    /// <summary>The content of answers.</summary>
    public Histogram<long> SentResponse { get; } = Bytes(meter, "jina_sent_response_bytes", "Content of the documents answered.");

    /// <summary>Tells whether anybody listens.</summary>
    public bool AreEnabled => Receiving.Enabled;

    /// <summary>Makes a histogram of times.</summary>
    public static Histogram<double> Seconds(Meter meter, string name, string description) =>
        meter.CreateHistogram(name, unit: null, description, tags: null, s_seconds);

    /// <summary>Makes a histogram of sizes.</summary>
    public static Histogram<long> Bytes(Meter meter, string name, string description) =>
        meter.CreateHistogram(name, unit: null, description, tags: null, s_bytes);

    public void Dispose() => meter.Dispose();
}
