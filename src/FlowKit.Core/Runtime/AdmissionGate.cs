namespace FlowKit.Runtime;

/// <summary>The only place that refuses: a permit for each request in the flow, or a refusal at once with the time to wait.</summary>
internal sealed class AdmissionGate(int capacity, TimeProvider time)
{
    private const double Smoothing = 0.1;

    private readonly Lock _lock = new();
    private TaskCompletionSource? _idle;
    private double _averageSeconds = 0.1;
    private int _inFlight;
    private bool _closed;

    /// <summary>How many requests are let in at once.</summary>
    public int Capacity { get; set; } = capacity;

    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Takes a permit.</summary>
    /// <returns>The refusal, or <see langword="null"/> when admitted.</returns>
    public FlowError? TryEnter()
    {
        lock (_lock)
        {
            if (_closed)
            {
                return new FlowError(FlowErrorCode.Unavailable, "The flow is stopping.") { RetryAfter = TimeSpan.FromSeconds(1) };
            }

            if (_inFlight >= Capacity)
            {
                var wait = TimeSpan.FromSeconds(Math.Clamp(_averageSeconds, 1, 60));
                return new FlowError(FlowErrorCode.ResourceExhausted, $"The flow already holds {Capacity} requests (gateway.capacity).") { RetryAfter = wait };
            }

            _inFlight++;
            return null;
        }
    }

    public void Leave(long entered)
    {
        lock (_lock)
        {
            _averageSeconds += Smoothing * (time.GetElapsedTime(entered).TotalSeconds - _averageSeconds);
            if (--_inFlight == 0)
            {
                _idle?.TrySetResult();
            }
        }
    }

    /// <summary>Refuses from now on.</summary>
    /// <returns>Completes when the last admitted request has been answered.</returns>
    public Task CloseAsync()
    {
        lock (_lock)
        {
            _closed = true;
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_inFlight == 0)
            {
                _idle.TrySetResult();
            }

            return _idle.Task;
        }
    }
}
