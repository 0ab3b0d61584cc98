using System.Diagnostics.Metrics;

namespace FlowKit.Orchestration.Devices;

/// <summary>
/// The memory and the use of this machine's GPUs, as <c>nvidia-smi</c> tells them, under OpenTelemetry's names for hardware. Whoever looks
/// gets what was last read, and has it read again behind that, at most every five seconds; where there is no driver it is asked for once.
/// </summary>
internal sealed class GpuMeter
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(5);
    private static readonly Meter s_meter = new("FlowKit");
    private static readonly GpuMeter s_gpus =
        new(cancellationToken => GpuProbe.RunAsync(GpuUse.Query, cancellationToken), TimeProvider.System);

    private readonly Func<CancellationToken, Task<string?>> _read;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private IReadOnlyList<GpuUse> _known = [];
    private bool _isReading;
    private long _begun;
    private bool _isAbsent;

    static GpuMeter()
    {
        s_meter.CreateObservableUpDownCounter(
            "hw.gpu.memory.usage", () => s_gpus.Measure(gpu => gpu.UsedBytes), "By", "Memory of a GPU that is taken, by any process.");
        s_meter.CreateObservableUpDownCounter(
            "hw.gpu.memory.limit", () => s_gpus.Measure(gpu => gpu.TotalBytes), "By", "Memory of a GPU.");
        s_meter.CreateObservableGauge(
            "hw.gpu.utilization", () => s_gpus.Measure(gpu => gpu.Utilization), "1", "The share of time that a GPU is at work.");
    }

    /// <param name="read">Gives what <c>nvidia-smi</c> prints; <see langword="null"/> when it is not there.</param>
    /// <param name="time">Time.</param>
    internal GpuMeter(Func<CancellationToken, Task<string?>> read, TimeProvider time) => (_read, _time) = (read, time);

    /// <summary>Makes the instruments, once for the process, and has the first reading made.</summary>
    public static void Start() => s_gpus.Known();

    /// <summary>Returns what was last read.</summary>
    internal IReadOnlyList<GpuUse> Known()
    {
        lock (_lock)
        {
            if (!_isReading && !_isAbsent && (_begun == 0 || _time.GetElapsedTime(_begun) >= s_every))
            {
                (_isReading, _begun) = (true, _time.GetTimestamp());
                _ = Task.Run(ReadAsync);
            }

            return _known;
        }
    }

    private async Task ReadAsync()
    {
        string? printed = null;
        try
        {
            printed = await _read(CancellationToken.None);
        }
        finally
        {
            lock (_lock)
            {
                _isAbsent = printed is null && _known.Count == 0;
                (_isReading, _known) = (false, printed is null ? [] : GpuUse.Parse(printed));
            }
        }
    }

    private IEnumerable<Measurement<T>> Measure<T>(Func<GpuUse, T?> read)
        where T : struct =>
        Known().Where(gpu => read(gpu) is not null).Select(gpu => new Measurement<T>(
            read(gpu)!.Value,
            new KeyValuePair<string, object?>("hw.id", gpu.Uuid),
            new KeyValuePair<string, object?>("hw.name", gpu.Name),
            new KeyValuePair<string, object?>("hw.vendor", "NVIDIA")));
}
