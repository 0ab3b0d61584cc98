namespace FlowKit.Runtime.Autoscaling;

/// <summary>The load of an executor, by which its replicas are scaled.</summary>
/// <param name="InFlight">Calls under way or waiting.</param>
/// <param name="OldestWait">The time that the oldest request has waited.</param>
/// <param name="IsUsed">Whether a request came since it was read last.</param>
/// <param name="IsPaused">Whether an operator has its requests wait.</param>
internal readonly record struct PoolLoad(double InFlight, TimeSpan OldestWait, bool IsUsed, bool IsPaused = false)
{
    /// <summary>Returns the load of the shard that has most to do; all shards have as many replicas.</summary>
    /// <param name="other">Another shard's.</param>
    public PoolLoad Or(PoolLoad other) => new(
        Math.Max(InFlight, other.InFlight), OldestWait > other.OldestWait ? OldestWait : other.OldestWait, IsUsed || other.IsUsed,
        IsPaused || other.IsPaused);

    /// <summary>Returns the load that two see together: two gateways of one flow, or two looks at one executor.</summary>
    /// <param name="other">The other one's.</param>
    public PoolLoad Plus(PoolLoad other) => Or(other) with { InFlight = InFlight + other.InFlight };
}
