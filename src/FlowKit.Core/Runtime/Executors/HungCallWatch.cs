namespace FlowKit.Runtime.Executors;

/// <summary>Looks from time to time for calls that take longer than <c>timeout_executor</c>.</summary>
/// <param name="state">The pool.</param>
/// <param name="replicas">Its replicas.</param>
/// <param name="time">Time.</param>
/// <param name="replace">Told of a replica whose call hangs, with the start of the call and the limit.</param>
internal sealed class HungCallWatch(
    PoolState state, ReplicaSet replicas, TimeProvider time, Action<Replica, long, TimeSpan> replace) : IDisposable
{
    private static readonly TimeSpan s_minInterval = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_maxInterval = TimeSpan.FromSeconds(1);

    private ITimer? _timer;

    /// <summary>Looks as often as the limit of the present revision asks for; not at all when it has none.</summary>
    public void Reset()
    {
        _timer?.Dispose();
        if (state.Config.TimeoutExecutor is { } limit)
        {
            var interval = TimeSpan.FromTicks(Math.Clamp((limit / 4).Ticks, s_minInterval.Ticks, s_maxInterval.Ticks));
            _timer = time.CreateTimer(static watch => ((HungCallWatch)watch!).Look(), this, interval, interval);
        }
    }

    public void Dispose() => _timer?.Dispose();

    private void Look()
    {
        if (state.Config.TimeoutExecutor is not { } limit)
        {
            return;
        }

        foreach (var replica in replicas.ToArray())
        {
            if (replica.CallStarted is { } started && time.GetElapsedTime(started) > limit)
            {
                replace(replica, started, limit);
            }
        }
    }
}
