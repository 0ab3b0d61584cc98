namespace FlowKit.Serving.Remote;

/// <summary>
/// Knowledge of a replica elsewhere by its calls and by asking it: whether it can be reached, and whether it fails so often that it is
/// left alone for a while, longer each time.
/// </summary>
/// <param name="time">Time.</param>
internal sealed class PeerRecord(TimeProvider time)
{
    private const int MaxFailuresInARow = 5;
    private static readonly TimeSpan s_minRest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_maxRest = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private int _failures;
    private int _rests;
    private long _restedSince;
    private TimeSpan _rest;
    private volatile string? _lastError;
    private volatile bool _isUnreachable;

    /// <summary>The message of the last failure.</summary>
    public string? LastError => _lastError;

    /// <summary>Tells whether it answered when it was asked last.</summary>
    public bool IsReachable => !_isUnreachable;

    /// <summary>Tells whether it is left alone, since its last calls failed one after another.</summary>
    public bool Rests
    {
        get
        {
            lock (_lock)
            {
                return _rest > TimeSpan.Zero && time.GetElapsedTime(_restedSince) < _rest;
            }
        }
    }

    /// <summary>Notes what came of asking whether it serves.</summary>
    /// <param name="error">Why it does not; <see langword="null"/> where it does.</param>
    /// <returns>The same.</returns>
    public string? Asked(string? error)
    {
        _isUnreachable = error is not null;
        _lastError = error ?? _lastError;
        return error;
    }

    /// <summary>Notes a call that was answered.</summary>
    public void Succeeded()
    {
        lock (_lock)
        {
            (_failures, _rests, _rest) = (0, 0, TimeSpan.Zero);
        }
    }

    /// <summary>Notes a call that failed and might not have elsewhere.</summary>
    public void Failed(string message)
    {
        _lastError = message;
        lock (_lock)
        {
            if (++_failures < MaxFailuresInARow)
            {
                return;
            }

            _failures = 0;
            _restedSince = time.GetTimestamp();
            _rest = TimeSpan.FromTicks(Math.Min(s_maxRest.Ticks, s_minRest.Ticks << Math.Min(_rests, 5)));
            _rests++;
        }
    }
}
