using FlowKit.Components.Launching;
using FlowKit.Runtime.Channels;
using FlowKit.Runtime.Executors.Loading;

namespace FlowKit.Runtime.Executors;

/// <summary>A running instance of an executor: its place among its like, and what it does now.</summary>
internal sealed class Replica
{
    private const long Idle = long.MaxValue;
    private const long Untimed = long.MaxValue - 1;
    private const long Abandoned = long.MinValue;

    // One of the above, or when the running call began: one word, so that no other call is given up than the one that was looked at.
    private long _call = Idle;
    private readonly TaskCompletionSource _abandonment = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SemaphoreSlim? _lock;

    public Replica(int id, Executor executor, PoolEndpoints endpoints, BatchReader reader)
    {
        Id = id;
        Executor = executor;
        Endpoints = endpoints;
        Reader = reader;
        reader.Slot.Replica = this;
    }

    public int Id { get; }

    /// <summary>A mark that no other replica has, for requests that are made in its calls.</summary>
    public string Mark { get; } = Guid.NewGuid().ToString("N");

    public Executor Executor { get; set; }

    public PoolEndpoints Endpoints { get; }

    public BatchReader Reader { get; }

    /// <summary>
    /// The batch that it works on; whoever ends the call, the replica or the one that abandons it, decides what becomes of it.
    /// </summary>
    public Batch Batch => Reader.Batch;

    /// <summary>Failures that point at this replica, without a success between them.</summary>
    public int FaultsInARow { get; set; }

    /// <summary>Tells whether another replica is loaded that takes the place of this one, which serves on until then.</summary>
    public bool IsBeingReplaced { get; set; }

    /// <summary>The loading of the replica that takes its place, once it is faulty.</summary>
    public Task Replacement { get; set; } = Task.CompletedTask;

    /// <summary>Tells whether it is being restarted.</summary>
    public bool IsDown { get; set; }

    /// <summary>Tells whether it hangs and has been given up: it must not be disposed under its own feet.</summary>
    public bool IsAbandoned => Volatile.Read(ref _call) == Abandoned;

    /// <summary>Tells whether its executor ran outside this process and has ended there.</summary>
    public bool IsGone => Executor is LaunchedExecutor { Ended.IsCompleted: true };

    /// <summary>The time at which its executor was started last.</summary>
    public long Started { get; set; }

    /// <summary>
    /// The time that it waits before it is started again, once it has ended soon after a start; <see langword="null"/> while it has not.
    /// </summary>
    public Backoff? Backoff { get; set; }

    /// <summary>The loop in which it reads and serves.</summary>
    public Task Loop { get; set; } = Task.CompletedTask;

    /// <summary>Completes when it serves no more: its loop has ended, or its call hangs and it has been given up.</summary>
    public Task Ended => Task.WhenAny(Loop, _abandonment.Task);

    /// <summary>
    /// The time at which the running call began, or last gave a sign of life; <see langword="null"/> when there is none that could hang.
    /// </summary>
    public long? CallStarted => Volatile.Read(ref _call) is var call && call is Idle or Untimed or Abandoned ? null : call;

    /// <summary>Tells whether its loop must look after it before it serves on.</summary>
    public bool NeedsRecovery(int failureThreshold) => IsAbandoned || IsGone || (IsFaulty(failureThreshold) && !IsBeingReplaced);

    /// <summary>Tells whether it has failed so often by itself that another one is to take its place.</summary>
    public bool IsFaulty(int failureThreshold) => FaultsInARow >= failureThreshold;

    public void Begin(long now) => Volatile.Write(ref _call, now);

    /// <summary>A call that waits for others, as one that sends its stream on, is not the one that hangs.</summary>
    public void Pause() => TryMove(Untimed);

    public void Heartbeat(long now) => TryMove(now);

    /// <returns>False when no call was running: it took too long and the replica has been given up, or it has ended before.</returns>
    public bool TryEnd() => TryMove(Idle);

    /// <returns>Whether the call that began then was still running and is now the caller's to answer.</returns>
    public bool TryAbandon(long started)
    {
        if (Interlocked.CompareExchange(ref _call, Abandoned, started) != started)
        {
            return false;
        }

        _abandonment.TrySetResult();
        return true;
    }

    /// <summary>Notes that its call holds the write lock, which <see cref="ReleaseLock"/> releases.</summary>
    /// <exception cref="OperationCanceledException">It has been given up meanwhile; the lock is released.</exception>
    public void HoldLock(SemaphoreSlim held)
    {
        Interlocked.Exchange(ref _lock, held);
        if (IsAbandoned)
        {
            ReleaseLock();
            throw new OperationCanceledException("The replica has been given up.");
        }
    }

    /// <summary>Releases the write lock, whoever is first: the call that ends, or the one that gives it up.</summary>
    public void ReleaseLock() => Interlocked.Exchange(ref _lock, null)?.Release();

    private bool TryMove(long to)
    {
        for (var call = Volatile.Read(ref _call); call is not (Idle or Abandoned); call = Volatile.Read(ref _call))
        {
            if (Interlocked.CompareExchange(ref _call, to, call) == call)
            {
                return true;
            }
        }

        return false;
    }
}
