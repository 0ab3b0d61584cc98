using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Schema;
using static FlowKit.Configuration.Schema.Declare;

namespace FlowKit.Configuration.Autoscaling;

/// <summary>The keys of <c>autoscale:</c>.</summary>
internal static class AutoscaleKeys
{
    private const double MinTarget = 0.1;
    private const double MaxTarget = 10_000;

    private static readonly AutoscaleConfig s_defaults = new(1, 1);

    public static readonly Key<int> Min = Whole("min", 0, ExecutorConfig.MaxReplicas, s_defaults.Min, "min_replicas");
    public static readonly Key<int> Max = Whole("max", 1, ExecutorConfig.MaxReplicas, 0, "max_replicas");
    public static readonly Key<double> Target = new("target", new NumberParser(MinTarget, MaxTarget), s_defaults.Target);
    public static readonly Key<TimeSpan> TargetWait = Duration("target_wait", Timeout.InfiniteTimeSpan);
    public static readonly Key<TimeSpan> StabilizationWindow = Duration("stabilization_window", s_defaults.StabilizationWindow);
    public static readonly Key<TimeSpan> CooldownPeriod = Duration("cooldown_period", s_defaults.CooldownPeriod);

    public static readonly KeyTable Table = new([Min, Max, Target, TargetWait, StabilizationWindow, CooldownPeriod]);
}
