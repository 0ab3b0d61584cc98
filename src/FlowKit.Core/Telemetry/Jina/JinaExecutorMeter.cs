using System.Diagnostics.Metrics;
using FlowKit.Runtime.Channels;

namespace FlowKit.Telemetry.Jina;

/// <summary>
/// The instruments of an executor as Jina's pods have them, with <c>runtime_name="encoder/rep-0"</c>; what is about a method has the labels
/// <c>executor</c>, its class, and <c>executor_endpoint</c> as well.
/// </summary>
/// <param name="meter">Its meter.</param>
/// <param name="gateway">The gateway's instruments, which tell of the same calls as it sees them.</param>
/// <param name="name">The executor's name.</param>
internal sealed class JinaExecutorMeter(Meter meter, JinaGatewayMeter gateway, string name) : IDisposable
{
    private readonly JinaInstruments _instruments = new(meter);

    private readonly Histogram<double> _process = JinaInstruments.Seconds(
        meter, "jina_process_request_seconds", "Time of a call of the executor's method.");

    private readonly Counter<long> _documents = meter.CreateCounter<long>(
        "jina_document_processed", unit: null, "Documents that the executor has worked on.");

    /// <summary>Tells whether anybody listens.</summary>
    public bool IsEnabled => _instruments.AreEnabled || gateway.IsEnabled;

    /// <summary>Notes a call that begins.</summary>
    /// <param name="call">Its labels.</param>
    /// <param name="documents">What it is given.</param>
    public void Begin(in JinaCall call, DocumentArray documents)
    {
        var bytes = ContentSize.Of(documents);
        if (_instruments.AreEnabled)
        {
            var tags = call.Tags;
            _instruments.ReceivedRequest.Record(bytes, tags);
            _instruments.RequestSize.Record(bytes, tags);
        }

        if (gateway.IsEnabled)
        {
            gateway.Send(name, bytes);
        }
    }

    /// <summary>Notes a call that has ended.</summary>
    /// <param name="call">Its labels.</param>
    /// <param name="duration">The time that it took.</param>
    /// <param name="count">The number of documents.</param>
    /// <param name="answer">What it answered; <see langword="null"/> where it failed.</param>
    /// <param name="waits">The time that each of its requests waited before it.</param>
    public void End(in JinaCall call, TimeSpan duration, int count, DocumentArray? answer, params ReadOnlySpan<TimeSpan> waits)
    {
        long? bytes = answer is null ? null : ContentSize.Of(answer);
        if (gateway.IsEnabled)
        {
            foreach (var wait in waits)
            {
                gateway.TakeBack(name, (wait + duration).TotalSeconds, bytes / waits.Length);
            }
        }

        if (_instruments.AreEnabled)
        {
            Record(call, duration, count, bytes, waits);
        }
    }

    public void Dispose() => _instruments.Dispose();

    private void Record(in JinaCall call, TimeSpan duration, int count, long? bytes, ReadOnlySpan<TimeSpan> waits)
    {
        if (bytes is not { } answered)
        {
            _instruments.Failed.Add(waits.Length, call.Runtime);
            return;
        }

        var tags = call.Tags;
        _process.Record(duration.TotalSeconds, tags);
        _documents.Add(count, tags);
        _instruments.Successful.Add(waits.Length, call.Runtime);
        _instruments.SentResponse.Record(answered, call.Runtime);
        foreach (var wait in waits)
        {
            _instruments.Receiving.Record((wait + duration).TotalSeconds, call.Runtime);
        }
    }
}
