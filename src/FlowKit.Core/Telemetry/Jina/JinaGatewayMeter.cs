using System.Diagnostics;
using System.Diagnostics.Metrics;
using FlowKit.Runtime.Channels;

namespace FlowKit.Telemetry.Jina;

/// <summary>The instruments of the gateway as Jina's has them, with <c>runtime_name="gateway/rep-0"</c>.</summary>
internal sealed class JinaGatewayMeter : IDisposable
{
    private static readonly KeyValuePair<string, object?> s_runtime = new("runtime_name", $"{JinaMeters.GatewayName}/rep-0");

    private readonly JinaInstruments _instruments;
    private readonly Histogram<double> _sending;
    private readonly Histogram<long> _sentRequest;
    private readonly Histogram<long> _receivedResponse;

    /// <param name="meter">Its meter.</param>
    /// <param name="pending">Tells how many requests are in the flow.</param>
    public JinaGatewayMeter(Meter meter, Func<int> pending)
    {
        _instruments = new JinaInstruments(meter);
        _sending = JinaInstruments.Seconds(
            meter, "jina_sending_request_seconds", "Time from sending a request to an executor to its answer.");
        _sentRequest = JinaInstruments.Bytes(meter, "jina_sent_request_bytes", "Content of the documents sent to executors.");
        _receivedResponse = JinaInstruments.Bytes(
            meter, "jina_received_response_bytes", "Content of the documents that executors answered.");
        meter.CreateObservableUpDownCounter(
            "jina_number_of_pending_requests",
            () => new Measurement<int>(pending(), s_runtime),
            unit: null,
            "Requests that are in the flow.");
    }

    /// <summary>Notes a request that has come.</summary>
    public void Receive(DocumentArray documents)
    {
        if (_instruments.AreEnabled)
        {
            var bytes = ContentSize.Of(documents);
            _instruments.ReceivedRequest.Record(bytes, s_runtime);
            _instruments.RequestSize.Record(bytes, s_runtime);
        }
    }

    /// <summary>Notes an answer.</summary>
    /// <param name="duration">The time since the request came.</param>
    /// <param name="documents">The documents of the answer.</param>
    /// <param name="error">The error, where it failed.</param>
    public void Answer(TimeSpan duration, DocumentArray documents, FlowError? error)
    {
        if (!_instruments.AreEnabled)
        {
            return;
        }

        if (error is not null)
        {
            _instruments.Failed.Add(1, s_runtime);
            return;
        }

        _instruments.Successful.Add(1, s_runtime);
        _instruments.Receiving.Record(duration.TotalSeconds, s_runtime);
        _instruments.SentResponse.Record(ContentSize.Of(documents), s_runtime);
    }

    /// <summary>Notes what is sent to an executor.</summary>
    public void Send(string executor, long bytes) => _sentRequest.Record(bytes, s_runtime, Deployment(executor));

    /// <summary>Notes what came back from an executor.</summary>
    /// <param name="executor">Its name.</param>
    /// <param name="seconds">The time since it was sent, its wait included.</param>
    /// <param name="bytes">The content of its answer; <see langword="null"/> where it failed.</param>
    public void TakeBack(string executor, double seconds, long? bytes)
    {
        var tags = new TagList { s_runtime, Deployment(executor) };
        _sending.Record(seconds, tags);
        if (bytes is { } received)
        {
            _receivedResponse.Record(received, tags);
        }
    }

    /// <summary>Tells whether anybody listens to what executors are sent.</summary>
    public bool IsEnabled => _instruments.AreEnabled;

    public void Dispose() => _instruments.Dispose();

    private static KeyValuePair<string, object?> Deployment(string executor) => new("deployment", executor);
}
