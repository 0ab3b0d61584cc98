namespace FlowKit.Configuration.Autoscaling;

/// <summary>The limits between which the replicas of an executor follow its load, and the load that one is to have.</summary>
/// <param name="Min">The fewest replicas; 0 where it may have none while nobody calls it.</param>
/// <param name="Max">The most replicas.</param>
public sealed record AutoscaleConfig(int Min, int Max)
{
    /// <summary>
    /// The calls under way or waiting that a replica is to have on average, as the average value of a HorizontalPodAutoscaler. Default 2:
    /// one that it works on, and one that waits.
    /// </summary>
    public double Target { get; init; } = 2;

    /// <summary>
    /// The time that the oldest request may wait before it, as a second metric beside <see cref="Target"/>; <see langword="null"/> for
    /// any.
    /// </summary>
    public TimeSpan? TargetWait { get; init; }

    /// <summary>
    /// The time in which no more replicas may have been wanted before some go, as the <c>stabilizationWindowSeconds</c> of a
    /// HorizontalPodAutoscaler. Default 30 s.
    /// </summary>
    public TimeSpan StabilizationWindow { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The time without a call after which the last replica goes where <see cref="Min"/> is 0, as KEDA's. Default 30 s.</summary>
    public TimeSpan CooldownPeriod { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Returns the number of replicas within the limits that is nearest to another.</summary>
    /// <param name="replicas">The other number.</param>
    public int Clamp(int replicas) => Math.Clamp(replicas, Min, Max);
}
