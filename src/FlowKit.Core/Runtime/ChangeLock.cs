namespace FlowKit.Runtime;

/// <summary>Lets one change after another be made.</summary>
internal sealed class ChangeLock : IDisposable
{
    private readonly SemaphoreSlim _semaphore = new(1, 1);

    /// <summary>Makes a change while no other is made.</summary>
    public async Task RunAsync(Func<Task> change, CancellationToken cancellationToken)
    {
        await _semaphore.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await change().ConfigureAwait(false);
        }
        finally
        {
            _semaphore.Release();
        }
    }

    public void Dispose() => _semaphore.Dispose();
}
