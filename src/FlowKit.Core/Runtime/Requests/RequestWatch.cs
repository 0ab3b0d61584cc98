namespace FlowKit.Runtime.Requests;

/// <summary>
/// The ends of a request before its answer: its caller goes, its deadline passes, or the flow gives up. A value inside the request, guarded
/// by its lock.
/// </summary>
/// <param name="timeout">The time that it may take; <see langword="null"/> or infinite for any.</param>
/// <param name="callerGone">Ends when the caller has gone.</param>
/// <param name="aborted">Ends when the flow gives up.</param>
internal struct RequestWatch(TimeSpan? timeout, CancellationToken callerGone, CancellationToken aborted)
{
    /// <summary>The longest time of a timer.</summary>
    private static readonly TimeSpan s_maxTimer = TimeSpan.FromDays(49);

    private CancellationTokenRegistration _onCallerGone;
    private CancellationTokenRegistration _onAborted;
    private ITimer? _deadline;
    private bool _isWatching;

    /// <summary>The time that the request may take; <see langword="null"/> for any.</summary>
    public TimeSpan? Limit { get; } = timeout is { } known && known != Timeout.InfiniteTimeSpan ? known : null;

    /// <summary>Tells whether the caller has gone or the flow gives up.</summary>
    public readonly bool HasEnded => callerGone.IsCancellationRequested || aborted.IsCancellationRequested;

    /// <summary>Watches from now on, once.</summary>
    /// <param name="request">The request, which may be settled here when one of the ends has come already.</param>
    /// <param name="time">Time.</param>
    /// <returns>False when it was watched before.</returns>
    public bool TryStart(RequestState request, TimeProvider time)
    {
        if (_isWatching)
        {
            return false;
        }

        _isWatching = true;
        _onCallerGone = callerGone.UnsafeRegister(static state => ((RequestState)state!).LoseCaller(), request);
        _onAborted = aborted.UnsafeRegister(static state => ((RequestState)state!).GiveUp(), request);
        if (Limit is { } limit && limit < s_maxTimer && !request.IsSettled)
        {
            var left = limit - time.GetElapsedTime(request.Started);
            _deadline = time.CreateTimer(
                static state =>
                    ((RequestState)state!).Expire(), request, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }

        return true;
    }

    /// <summary>Watches no more; no end that is under way is waited for.</summary>
    public readonly void Stop()
    {
        _deadline?.Dispose();
        _onCallerGone.Unregister();
        _onAborted.Unregister();
    }
}
