namespace FlowKit.Runtime;

/// <summary>One running instance of an executor: its place among its like, and what it does now.</summary>
internal sealed class Replica(int id, Executor executor, PoolEndpoints endpoints)
{
    private const int Idle = 0;
    private const int Calling = 1;
    private const int Abandoned = 2;

    private int _state;
    private bool _isServing;
    private long _callStarted = long.MaxValue;

    public int Id => id;

    public Executor Executor { get; set; } = executor;

    public PoolEndpoints Endpoints => endpoints;

    public InboxReader Reader { get; } = new();

    /// <summary>What it works on; whoever ends the call, the replica or the one that abandons it, decides what becomes of it.</summary>
    public Batch Batch { get; } = new();

    /// <summary>Unforeseen failures without a success between them.</summary>
    public int FailuresInARow { get; set; }

    /// <summary>Whether it is at work, between two waits for more.</summary>
    public bool IsServing
    {
        get => Volatile.Read(ref _isServing);
        set => Volatile.Write(ref _isServing, value);
    }

    /// <summary>Whether it is being restarted.</summary>
    public bool IsDown { get; set; }

    /// <summary>Whether it hangs and has been given up: it must not be disposed under its own feet.</summary>
    public bool IsAbandoned => Volatile.Read(ref _state) == Abandoned;

    public bool IsBusy => Volatile.Read(ref _state) != Idle;

    public Task Loop { get; set; } = Task.CompletedTask;

    /// <summary>When the running call began, or last gave a sign of life.</summary>
    public long CallStarted => Volatile.Read(ref _callStarted);

    public void Begin(long now)
    {
        Volatile.Write(ref _callStarted, now);
        Volatile.Write(ref _state, Calling);
    }

    /// <summary>A call that sends its stream on is not the one that hangs.</summary>
    public void Touch(long now) => Volatile.Write(ref _callStarted, now);

    /// <returns>False when the call took too long and the replica has been given up.</returns>
    public bool TryEnd()
    {
        Volatile.Write(ref _callStarted, long.MaxValue);
        return Interlocked.CompareExchange(ref _state, Idle, Calling) == Calling;
    }

    /// <returns>Whether a call was running and is now the caller's to answer.</returns>
    public bool TryAbandon() => Interlocked.CompareExchange(ref _state, Abandoned, Calling) == Calling;
}
