using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FlowKit.Telemetry;

namespace FlowKit.Benchmarks.Runtime;

/// <summary>Listens to <c>flowkit.batch.size</c>.</summary>
internal sealed class BatchSizes : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<int> _sizes = [];

    public BatchSizes()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is { Meter.Name: FlowTelemetry.Name, Name: "flowkit.batch.size" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((_, size, _, _) => _sizes.Enqueue(size));
        _listener.Start();
    }

    /// <summary>What has come so far, in order.</summary>
    public IReadOnlyList<int> Sizes => [.. _sizes];

    public void Dispose() => _listener.Dispose();
}
