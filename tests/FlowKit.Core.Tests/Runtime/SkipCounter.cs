using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FlowKit.Telemetry;

namespace FlowKit.Runtime;

/// <summary>Listens to <c>flowkit.executor.skipped</c> of all flows of the process; give executors names of their own.</summary>
internal sealed class SkipCounter : IDisposable
{
    private readonly ConcurrentDictionary<string, long> _skipped = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    public SkipCounter()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is { Name: "flowkit.executor.skipped", Meter.Name: FlowTelemetry.Name })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, count, tags, _) => _skipped.AddOrUpdate((string)tags[0].Value!, count, (_, old) => old + count));
        _listener.Start();
    }

    public long Of(string executor) => _skipped.GetValueOrDefault(executor);

    public void Dispose() => _listener.Dispose();
}
