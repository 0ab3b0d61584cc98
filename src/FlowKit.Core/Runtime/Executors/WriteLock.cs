namespace FlowKit.Runtime.Executors;

/// <summary>Lets one write after another into an executor, over all its replicas.</summary>
internal sealed class WriteLock(TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _semaphore = new(1, 1);

    /// <summary>Waits for the lock as a replica's call; while it waits, the call does not count as hanging.</summary>
    public async ValueTask<WriteLockScope> EnterAsync(Replica replica, CancellationToken cancellationToken)
    {
        if (!_semaphore.Wait(0, CancellationToken.None))
        {
            replica.Pause();
            await _semaphore.WaitAsync(cancellationToken).ConfigureAwait(false);
            replica.Heartbeat(time.GetTimestamp());
        }

        replica.HoldLock(_semaphore);
        return new WriteLockScope(replica);
    }

    /// <summary>Does something while no write runs.</summary>
    public async Task RunAsync(Func<Task> action, CancellationToken cancellationToken)
    {
        await _semaphore.WaitAsync(cancellationToken);
        try
        {
            await action();
        }
        finally
        {
            _semaphore.Release();
        }
    }

    public void Dispose() => _semaphore.Dispose();
}
