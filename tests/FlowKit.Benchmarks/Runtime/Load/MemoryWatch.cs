namespace FlowKit.Benchmarks.Runtime;

/// <summary>Looks at the process's memory once a second.</summary>
internal sealed class MemoryWatch : IDisposable
{
    private readonly List<double> _samples = [];
    private readonly long _heap = GC.GetTotalMemory(forceFullCollection: true);
    private readonly ITimer _timer;

    public MemoryWatch() => _timer = TimeProvider.System.CreateTimer(_ => Sample(), null, TimeSpan.Zero, TimeSpan.FromSeconds(1));

    /// <summary>How much the resident set grew: its median in the last quarter to that in the second, when the start has settled.</summary>
    public double Growth
    {
        get
        {
            lock (_samples)
            {
                var quarter = _samples.Count / 4;
                return Ratio.Median(_samples[^quarter..]) / Ratio.Median(_samples[quarter..(2 * quarter)]);
            }
        }
    }

    /// <summary>The last sample in MB.</summary>
    public double Megabytes
    {
        get
        {
            lock (_samples)
            {
                return _samples[^1] / 1e6;
            }
        }
    }

    /// <summary>How much larger the managed heap is than at the beginning, in MB, after a full collection.</summary>
    public double HeapGrowth => (GC.GetTotalMemory(forceFullCollection: true) - _heap) / 1e6;

    public void Dispose() => _timer.Dispose();

    private void Sample()
    {
        lock (_samples)
        {
            _samples.Add(Environment.WorkingSet);
        }
    }
}
