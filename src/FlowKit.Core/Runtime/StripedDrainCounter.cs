namespace FlowKit.Runtime;

/// <summary>
/// Counts who uses something, so that its end can wait for the last. Each core mostly counts in a cell of its own: one number for all would
/// travel between them twice for every request. Who enters counts first and looks whether it is closed then; who closes does it the other
/// way round.
/// </summary>
internal sealed class StripedDrainCounter
{
    /// <summary>Numbers that lie this far apart are never in one cache line.</summary>
    private const int Stride = 32;

    private static readonly int s_mask = (int)System.Numerics.BitOperations.RoundUpToPowerOf2(
        (uint)Math.Min(Environment.ProcessorCount, 16)) - 1;

    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int[] _cells = new int[(s_mask + 2) * Stride];
    private int _guests;
    private volatile bool _isClosed;

    private ref int Own => ref _cells[((Environment.CurrentManagedThreadId & s_mask) + 1) * Stride];

    /// <summary>Counts one more.</summary>
    /// <returns>False when it is closed.</returns>
    public bool TryEnter()
    {
        Interlocked.Increment(ref Own);
        if (!_isClosed)
        {
            return true;
        }

        Leave();
        return false;
    }

    /// <summary>Counts one less; another thread may do it than the one that entered.</summary>
    public void Leave()
    {
        Interlocked.Decrement(ref Own);
        if (_isClosed)
        {
            EndWhenIdle();
        }
    }

    /// <summary>Counts one more who comes with one that is inside, also when it is closed.</summary>
    public void AddDetached() => Interlocked.Increment(ref _guests);

    /// <summary>Counts one less of those who came with others.</summary>
    public void RemoveDetached()
    {
        if (Interlocked.Decrement(ref _guests) == 0 && _isClosed)
        {
            EndWhenIdle();
        }
    }

    /// <summary>Lets nobody in any more.</summary>
    /// <returns>Completes when the last has left.</returns>
    public Task CloseAsync()
    {
        _isClosed = true;
        Interlocked.MemoryBarrier();
        EndWhenIdle();
        return _idle.Task;
    }

    /// <summary>
    /// Once it is closed the sum only falls, and whoever comes too late counts up and down in one cell: it is never seen too low. Guests
    /// are looked at last: whoever brought one in has not left before that.
    /// </summary>
    private void EndWhenIdle()
    {
        var users = 0;
        for (var cell = Stride; cell < _cells.Length; cell += Stride)
        {
            users += Volatile.Read(ref _cells[cell]);
        }

        if (users == 0 && Volatile.Read(ref _guests) == 0)
        {
            _idle.TrySetResult();
        }
    }
}
