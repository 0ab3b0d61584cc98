using FlowKit.Telemetry;

namespace FlowKit.Runtime;

/// <summary>
/// The only place that refuses: a permit for each request in the flow, or a refusal at once with the time to wait. Without a lock, since
/// every request passes it twice: who enters counts first and looks whether it is closed then, who closes does it the other way round. It
/// is closed until the flow has started.
/// </summary>
internal sealed class AdmissionGate(int capacity, MemoryBudget memory, TimeProvider time)
{
    private const double Smoothing = 0.1;

    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // A lost update only makes the hint to a refused caller a little older.
    private double _averageSeconds = 0.1;
    private int _inFlight;
    private volatile string? _closedBecause = "The flow has not started yet.";
    private volatile bool _hasOpened;

    /// <summary>The number of requests that are let in at once.</summary>
    public int Capacity { get; set; } = capacity;

    /// <summary>The memory for all requests.</summary>
    public MemoryBudget Memory { get; } = memory;

    public bool IsOpen => _closedBecause is null;

    /// <summary>Tells whether it has been open, be it closed again since.</summary>
    public bool HasOpened => _hasOpened;

    /// <summary>The reason for which it refuses; <see langword="null"/> while it is open.</summary>
    public string? ClosedBecause => _closedBecause;

    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Takes a permit, and the memory of a small request.</summary>
    /// <returns>The refusal, or <see langword="null"/> when admitted.</returns>
    public FlowError? TryEnterWithMemory()
    {
        if (TryEnter() is { } refusal)
        {
            return refusal;
        }

        if (Memory.TryTake(AdmissionPermit.SmallRequest, 0, "A request") is not { } exhausted)
        {
            return null;
        }

        StepBack();
        FlowTelemetry.Refused("memory");
        return exhausted;
    }

    /// <summary>Takes a permit.</summary>
    /// <returns>The refusal, or <see langword="null"/> when admitted.</returns>
    public FlowError? TryEnter()
    {
        var inFlight = Interlocked.Increment(ref _inFlight);
        if (_closedBecause is { } reason)
        {
            StepBack();
            FlowTelemetry.Refused("closed");
            return new FlowError(FlowErrorCode.Unavailable, reason) { RetryAfter = TimeSpan.FromSeconds(1) };
        }

        if (inFlight > Capacity)
        {
            StepBack();
            FlowTelemetry.Refused("capacity");
            var wait = TimeSpan.FromSeconds(Math.Clamp(_averageSeconds, 1, 60));
            return new FlowError(
                FlowErrorCode.ResourceExhausted, $"The flow already holds {Capacity} requests (gateway.capacity).")
            { RetryAfter = wait };
        }

        return null;
    }

    public void Leave(long entered) => Leave(entered, time.GetTimestamp());

    public void Leave(long entered, long now)
    {
        _averageSeconds += Smoothing * (time.GetElapsedTime(entered, now).TotalSeconds - _averageSeconds);
        StepBack();
    }

    /// <summary>Admits from now on.</summary>
    public void Open()
    {
        _closedBecause = null;
        _hasOpened = true;
    }

    /// <summary>Refuses from now on.</summary>
    /// <returns>Completes when the last admitted request has been answered.</returns>
    public Task CloseAsync()
    {
        _closedBecause = "The flow is stopping.";
        Interlocked.MemoryBarrier();
        if (InFlight == 0)
        {
            _idle.TrySetResult();
        }

        return _idle.Task;
    }

    private void StepBack()
    {
        if (Interlocked.Decrement(ref _inFlight) == 0 && _closedBecause is not null)
        {
            _idle.TrySetResult();
        }
    }
}
