namespace FlowKit.Runtime;

/// <summary>
/// The part of a flow's memory that one holder has. Disposing it gives all of it back, once; afterwards it takes nothing more.
/// </summary>
public class MemoryShare : IMemoryShare, IDisposable
{
    private const long Ended = long.MinValue;

    private long _bytes;

    internal MemoryShare(MemoryBudget budget, long bytes = 0) => (Budget, _bytes) = (budget, bytes);

    /// <summary>The bytes that are held now.</summary>
    public long Bytes => Math.Max(0, Volatile.Read(ref _bytes));

    internal MemoryBudget Budget { get; }

    /// <inheritdoc/>
    public FlowError? TryTake(long bytes, string purpose) => Budget.TryTake(bytes, Bytes, purpose) ?? Hold(bytes, purpose);

    /// <inheritdoc/>
    public ValueTask<FlowError?> TryTakeAsync(long bytes, string purpose, CancellationToken cancellationToken)
    {
        var taking = Budget.TryTakeAsync(bytes, Bytes, purpose, cancellationToken);
        return taking.IsCompletedSuccessfully ? new(taking.Result ?? Hold(bytes, purpose)) : AwaitAsync(taking);

        async ValueTask<FlowError?> AwaitAsync(ValueTask<FlowError?> taking) =>
            await taking.ConfigureAwait(false) ?? Hold(bytes, purpose);
    }

    /// <summary>Takes bytes.</summary>
    /// <exception cref="FlowKitException">They do not fit.</exception>
    internal void Take(long bytes, string purpose)
    {
        if (TryTake(bytes, purpose) is { } refusal)
        {
            throw new FlowKitException(refusal);
        }
    }

    /// <inheritdoc/>
    public void Return(long bytes)
    {
        if (TryRemove(bytes) is > 0 and var removed)
        {
            Budget.Return(removed);
        }
    }

    /// <summary>Lets another hold some of what this one does.</summary>
    /// <param name="other">The other; what it does not take, since it has ended, goes back.</param>
    /// <param name="bytes">How much; less where this one has less.</param>
    /// <returns>The bytes that the other holds more.</returns>
    internal long MoveTo(MemoryShare other, long bytes)
    {
        var moved = TryRemove(bytes);
        if (other.TryAdd(moved))
        {
            return moved;
        }

        Budget.Return(moved);
        return 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(isDisposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives back what is held.</summary>
    /// <param name="isDisposing">Whether <see cref="Dispose()"/> was called.</param>
    protected virtual void Dispose(bool isDisposing)
    {
        if (Interlocked.Exchange(ref _bytes, Ended) is > 0 and var bytes)
        {
            Budget.End(bytes);
        }
    }

    private FlowError? Hold(long bytes, string purpose)
    {
        if (TryAdd(bytes))
        {
            return null;
        }

        Budget.Return(bytes);
        return new FlowError(FlowErrorCode.Cancelled, $"The request has ended: {purpose} is of no use any more.");
    }

    private bool TryAdd(long bytes)
    {
        for (var held = Volatile.Read(ref _bytes); held >= 0;)
        {
            var before = Interlocked.CompareExchange(ref _bytes, held + bytes, held);
            if (before == held)
            {
                return true;
            }

            held = before;
        }

        return false;
    }

    private long TryRemove(long bytes)
    {
        for (var held = Volatile.Read(ref _bytes); held > 0;)
        {
            var removed = Math.Min(bytes, held);
            var before = Interlocked.CompareExchange(ref _bytes, held - removed, held);
            if (before == held)
            {
                return removed;
            }

            held = before;
        }

        return 0;
    }
}
