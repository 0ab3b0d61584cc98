namespace FlowKit.TestKit;

/// <summary>Holds up executors until the test opens it, and counts who has come.</summary>
public sealed class ManualGate : IDisposable
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _arrivals = new(0);
    private int _waiting;

    /// <summary>The number of callers that wait now.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Waits for the opening.</summary>
    /// <param name="cancellationToken">Ends the wait; leave it out to behave like an executor that ignores its cancellation.</param>
    public async ValueTask<object?> PassAsync(CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _waiting);
        _arrivals.Release();
        try
        {
            await _open.Task.WaitAsync(cancellationToken);
            return null;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Waits until so many more have come.</summary>
    /// <param name="count">How many.</param>
    public async Task ArrivedAsync(int count = 1)
    {
        for (var i = 0; i < count; i++)
        {
            if (!await _arrivals.WaitAsync(TestTimeout.Limit))
            {
                throw new TimeoutException($"Only {i} of {count} came to the gate.");
            }
        }
    }

    /// <summary>Lets everybody through, now and later.</summary>
    public void Open() => _open.TrySetResult();

    /// <inheritdoc/>
    public void Dispose()
    {
        Open();
        _arrivals.Dispose();
    }
}
