using FlowKit.Configuration.Gateway;

namespace FlowKit.Runtime;

/// <summary>
/// The memory that a flow may hold for all its requests together. It counts what they say that they need; it allocates nothing. Without a
/// lock, since every request passes it twice.
/// </summary>
public sealed class MemoryBudget
{
    /// <summary>The time that something that grows waits for the memory of others.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Another request's memory comes back without a word, so that it is looked for this often.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    private readonly HeapTrimmer _trimmer;
    private readonly TimeProvider _time;
    private long _limit;
    private long _used;
    private long _refused;
    private int _isAwaited;

    internal MemoryBudget(MemoryLimit limit, TimeProvider time)
    {
        (_trimmer, _time) = (new HeapTrimmer(time), time);
        SetLimit(limit);
    }

    /// <summary>The bytes that there are.</summary>
    public long Limit => Volatile.Read(ref _limit);

    /// <summary>The bytes that requests hold now.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>The number of times that something did not fit.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Sets another limit. What is held stays held.</summary>
    internal void SetLimit(MemoryLimit limit) =>
        Volatile.Write(ref _limit, limit.BytesOf(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes));

    /// <summary>Takes bytes.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="held">How many of them the same request has already.</param>
    /// <param name="purpose">The thing that needs them.</param>
    /// <returns>The refusal, or <see langword="null"/>.</returns>
    internal FlowError? TryTake(long bytes, long held, string purpose) => TryAdd(bytes) ? null : Refuse(bytes, held, purpose);

    /// <summary>
    /// Takes bytes for something that grows, waiting a little for those of others. One waits at a time, and who comes meanwhile is refused:
    /// of several that grow alike some are served, where each would take the room from the others.
    /// </summary>
    /// <param name="bytes">How many.</param>
    /// <param name="held">How many of them the same request has already.</param>
    /// <param name="purpose">The thing that needs them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The refusal, or <see langword="null"/>.</returns>
    internal async ValueTask<FlowError?> TryTakeAsync(long bytes, long held, string purpose, CancellationToken cancellationToken)
    {
        if (TryAdd(bytes))
        {
            return null;
        }

        if (held + bytes <= Limit && Interlocked.Exchange(ref _isAwaited, 1) == 0)
        {
            try
            {
                for (var waited = TimeSpan.Zero; waited < s_patience; waited += s_pause)
                {
                    await Task.Delay(s_pause, _time, cancellationToken).ConfigureAwait(false);
                    if (TryAdd(bytes))
                    {
                        return null;
                    }
                }
            }
            finally
            {
                Volatile.Write(ref _isAwaited, 0);
            }
        }

        return Refuse(bytes, held, purpose);
    }

    /// <summary>Returns bytes.</summary>
    internal void Return(long bytes) => Interlocked.Add(ref _used, -bytes);

    /// <summary>Returns all that a request held, which is garbage from now on.</summary>
    internal void End(long bytes)
    {
        Return(bytes);
        _trimmer.NoteGarbage(bytes);
    }

    private bool TryAdd(long bytes)
    {
        // Compared before it is added: what is far too large must not refuse the small ones beside it for a moment.
        for (var used = Used; used + bytes <= Limit;)
        {
            var before = Interlocked.CompareExchange(ref _used, used + bytes, used);
            if (before == used)
            {
                return true;
            }

            used = before;
        }

        return false;
    }

    private FlowError Refuse(long bytes, long held, string purpose)
    {
        Interlocked.Increment(ref _refused);
        var limit = Limit;
        if (held + bytes > limit)
        {
            return new FlowError(
                FlowErrorCode.PayloadTooLarge,
                $"{purpose} needs {held + bytes} bytes of memory with what the request holds already, and the flow has {limit} for all"
                    + " requests (gateway.memory). Send less at once.");
        }

        return new FlowError(
            FlowErrorCode.ResourceExhausted,
            $"{purpose} needs {bytes} bytes of memory, and of the flow's {limit} for all requests (gateway.memory)"
                + $" {Math.Max(0, limit - Used)} are free. Send it again later.")
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        };
    }
}
