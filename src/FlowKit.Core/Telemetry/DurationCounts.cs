namespace FlowKit.Telemetry;

/// <summary>
/// Durations in buckets of a fixed ratio, a fifth apart at most, from a microsecond to two minutes: enough for percentiles, and without a
/// lock.
/// </summary>
internal sealed class DurationCounts
{
    private const int PerOctave = 4;
    private const int Octaves = 27;

    private readonly long[] _counts = new long[(PerOctave * Octaves) + 1];

    public void Add(TimeSpan duration)
    {
        var octave = Math.Log2(Math.Max(1, duration.TotalMicroseconds));
        Interlocked.Increment(ref _counts[Math.Min((int)(octave * PerOctave), _counts.Length - 1)]);
    }

    /// <summary>Returns the counts until now.</summary>
    public long[] Read() => [.. _counts.Select((_, index) => Interlocked.Read(ref _counts[index]))];

    /// <summary>Returns a percentile of what was counted between two readings.</summary>
    /// <param name="before">The reading before; <see langword="null"/> for all.</param>
    /// <param name="after">The reading after.</param>
    /// <param name="share">The percentile, from 0 to 1.</param>
    /// <returns>The middle of its bucket; <see langword="null"/> where nothing was counted.</returns>
    public static TimeSpan? Percentile(long[]? before, long[] after, double share)
    {
        var counts = after.Select((count, index) => count - (before?[index] ?? 0)).ToArray();
        var rank = (long)Math.Ceiling(counts.Sum() * share);
        if (rank == 0)
        {
            return null;
        }

        var (bucket, passed) = (-1, 0L);
        while (passed < rank)
        {
            passed += counts[++bucket];
        }

        return TimeSpan.FromMicroseconds(Math.Pow(2, (bucket + 0.5) / PerOctave));
    }
}
