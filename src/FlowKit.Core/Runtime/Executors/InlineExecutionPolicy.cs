namespace FlowKit.Runtime.Executors;

/// <summary>
/// Tells whether an executor's calls are so short that handing an item over would cost more than the call itself, as with a filter that
/// looks at a tag. Such calls are made on the spot, by the thread that brings the item. It takes a row of short calls to be believed, and
/// one long call to be doubted for long.
/// </summary>
internal sealed class InlineExecutionPolicy(TimeProvider time, TimeSpan shortCall)
{
    /// <summary>The cost of handing an item over, woken threads included.</summary>
    public static readonly TimeSpan HandOffCost = TimeSpan.FromMicroseconds(2);

    private const int Believed = 16;
    private const int MaxScore = 64;
    private const int Setback = 8;
    private const int Doubted = -256;
    private const int LongToShort = 25;

    private readonly bool _isAlwaysShort = shortCall == TimeSpan.MaxValue;
    private readonly long _short = shortCall == TimeSpan.Zero ? -1 : (long)(shortCall.TotalSeconds * time.TimestampFrequency);

    // Written by several threads without a lock: a lost count only moves the moment.
    private int _score;

    public bool IsShort => _isAlwaysShort || Volatile.Read(ref _score) >= Believed;

    /// <summary>A call has returned at once.</summary>
    /// <param name="duration">How long it took, in the clock's ticks.</param>
    public void Add(long duration)
    {
        var score = Volatile.Read(ref _score);
        if (duration <= _short)
        {
            if (score < MaxScore)
            {
                Volatile.Write(ref _score, score + 1);
            }

            return;
        }

        Volatile.Write(ref _score, duration > _short * LongToShort ? Doubted : Math.Max(score - Setback, Doubted));
    }

    /// <summary>A call waited for something, or failed.</summary>
    public void Doubt() => Volatile.Write(ref _score, Doubted);
}
