using FlowKit.Configuration.Gateway;

namespace FlowKit.Runtime;

/// <summary>
/// The memory that a flow may hold for all its requests together. It counts what they say that they need; it allocates nothing. Without a
/// lock, since every request passes it twice.
/// </summary>
public sealed class MemoryBudget
{
    private readonly HeapTrimmer _trimmer;
    private long _limit;
    private long _used;
    private long _refused;

    internal MemoryBudget(MemoryLimit limit, TimeProvider time)
    {
        _trimmer = new HeapTrimmer(time);
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
    internal FlowError? TryTake(long bytes, long held, string purpose)
    {
        // Compared before it is added: what is far too large must not refuse the small ones beside it for a moment.
        for (var used = Used; used + bytes <= Limit;)
        {
            var before = Interlocked.CompareExchange(ref _used, used + bytes, used);
            if (before == used)
            {
                return null;
            }

            used = before;
        }

        Interlocked.Increment(ref _refused);
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

    private FlowError Refuse(long bytes, long held, string purpose)
    {
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
