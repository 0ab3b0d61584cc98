using FlowKit.Configuration.Autoscaling;
using FlowKit.Runtime.Executors;
using FlowKit.Runtime.Executors.Loading;

namespace FlowKit.Runtime.Autoscaling;

/// <summary>
/// Gathers the load of one executor, and decides once a second: at once where it has no replica and a request waits.
/// </summary>
/// <param name="config">The limits and targets.</param>
/// <param name="time">Time.</param>
internal sealed class AutoscaledExecutor(AutoscaleConfig config, TimeProvider time)
{
    /// <summary>The number of times that the load is looked at before each decision.</summary>
    public const int SamplesPerDecision = 10;

    private static readonly TimeSpan s_firstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_maxWait = TimeSpan.FromSeconds(30);

    private readonly AutoscalePolicy _policy = new(config, time);
    private volatile AutoscaleStatus _status = new(config.Min, config.Max, config.Target, 0, null, null);
    private PoolLoad _gathered;
    private int _samples;
    private Backoff? _backoff;
    private (long Since, TimeSpan Wait) _pause;

    public AutoscaleConfig Config => config;

    /// <summary>The state, for whoever looks.</summary>
    public AutoscaleStatus Status => _status;

    /// <summary>The change under way, or the last one.</summary>
    public Task Change { get; set; } = Task.CompletedTask;

    /// <summary>Tells whether requests wait for the first replica.</summary>
    public bool IsWaking { get; set; }

    /// <summary>Looks at the load.</summary>
    /// <param name="shards">The executor's shards.</param>
    /// <returns>The number of replicas that it is to have instead of the present one; <see langword="null"/> when that stays.</returns>
    public AutoscaleDecision? Look(IReadOnlyList<ExecutorPool> shards)
    {
        var load = shards.Select(shard => shard.ReadLoad()).Aggregate((left, right) => left.Or(right));
        _gathered = load.Plus(_gathered with { IsPaused = false });
        _samples++;
        if (!Change.IsCompleted || load.IsPaused || time.GetElapsedTime(_pause.Since) < _pause.Wait)
        {
            // Only that somebody came is kept: the load is that of another number of replicas, or of nobody's making.
            _gathered = new PoolLoad(0, TimeSpan.Zero, _gathered.IsUsed);
            _samples = 0;
            return null;
        }

        var replicas = shards[0].Config.Replicas;
        if (_samples < SamplesPerDecision && !(replicas == 0 && _gathered.IsUsed))
        {
            return null;
        }

        var mean = _gathered with { InFlight = _gathered.InFlight / _samples };
        (_gathered, _samples) = (default, 0);
        var decision = _policy.Decide(replicas, mean);
        _status = _status with { InFlight = Math.Round(mean.InFlight, 2) };
        return decision.Replicas == replicas ? null : decision;
    }

    /// <summary>Notes a change that was made.</summary>
    public void Succeed(string what)
    {
        _backoff = null;
        _status = _status with { LastChange = what, ChangedAt = time.GetUtcNow() };
    }

    /// <summary>Notes a change that was not made: it is tried again after ever longer waits, for who was refused meanwhile too.</summary>
    /// <returns>The time until then.</returns>
    public TimeSpan Fail(string what)
    {
        _backoff ??= new Backoff(s_firstWait, s_maxWait);
        _pause = (time.GetTimestamp(), _backoff.Next());
        _gathered = _gathered with { IsUsed = true };
        _status = _status with { LastChange = what, ChangedAt = time.GetUtcNow() };
        return _pause.Wait;
    }
}
