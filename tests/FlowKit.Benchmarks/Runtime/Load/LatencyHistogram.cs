using System.Diagnostics;

namespace FlowKit.Benchmarks.Runtime;

/// <summary>Counts durations in buckets 2 % apart: of one size however many there are, so that measuring does not fill the memory it watches.</summary>
internal sealed class LatencyHistogram
{
    private const double Step = 1.02;
    private const double Smallest = 100;
    private readonly long[] _buckets = new long[1400];

    /// <summary>How many there are.</summary>
    public long Count => _buckets.Sum();

    /// <summary>Adds what has passed since a timestamp of <see cref="Stopwatch"/>.</summary>
    public void AddSince(long start)
    {
        var nanoseconds = Math.Max(Stopwatch.GetElapsedTime(start).TotalNanoseconds, Smallest);
        var bucket = (int)Math.Min(Math.Log(nanoseconds / Smallest, Step), _buckets.Length - 1);
        Interlocked.Increment(ref _buckets[bucket]);
    }

    /// <summary>The duration that a share of all do not exceed.</summary>
    /// <param name="share">Such as 0.99.</param>
    public TimeSpan Percentile(double share)
    {
        var left = Count * share;
        for (var i = 0; i < _buckets.Length; i++)
        {
            left -= Volatile.Read(ref _buckets[i]);
            if (left <= 0)
            {
                return TimeSpan.FromMicroseconds(Smallest * Math.Pow(Step, i + 1) / 1000);
            }
        }

        return TimeSpan.MaxValue;
    }
}
