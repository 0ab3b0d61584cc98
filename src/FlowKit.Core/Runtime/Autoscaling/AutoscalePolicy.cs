using System.Globalization;
using FlowKit.Configuration.Autoscaling;

namespace FlowKit.Runtime.Autoscaling;

/// <summary>
/// Decides how many replicas a load wants, as a HorizontalPodAutoscaler does: the present number times the metric over its target, the
/// largest of all metrics. More come at once; some go when no more were wanted for a while, so that their number does not flap.
/// </summary>
/// <param name="config">The limits and targets.</param>
/// <param name="time">Time.</param>
internal sealed class AutoscalePolicy(AutoscaleConfig config, TimeProvider time)
{
    /// <summary>The share by which a metric may miss its target, as Kubernetes' own.</summary>
    private const double Tolerance = 0.1;

    /// <summary>A wait does not tell how much more is needed, so that replicas are at most doubled for it.</summary>
    private const double MaxWaitRatio = 2;

    private readonly LinkedList<(long At, int Replicas)> _wanted = [];
    private long _lastUse = time.GetTimestamp();
    private int _last = -1;

    /// <summary>Decides by the load since the last decision.</summary>
    /// <param name="replicas">The present number of replicas.</param>
    /// <param name="load">The load.</param>
    public AutoscaleDecision Decide(int replicas, PoolLoad load)
    {
        var now = time.GetTimestamp();
        if (load.IsUsed || load.InFlight > 0)
        {
            _lastUse = now;
        }

        // Another's change holds for a window, as the number at the start does.
        var isOthers = replicas != _last;
        var decision = Decide(now, replicas, load, isOthers);
        _last = decision.Replicas;
        return decision;
    }

    private AutoscaleDecision Decide(long now, int replicas, PoolLoad load, bool isOthers)
    {
        if (replicas == 0)
        {
            return load.IsUsed || load.InFlight > 0
                ? new AutoscaleDecision(Math.Max(1, Want(1, load).Replicas), "a request waits")
                : new AutoscaleDecision(Math.Max(0, config.Min), "nobody calls it");
        }

        if (config.Min == 0 && time.GetElapsedTime(_lastUse, now) >= config.CooldownPeriod)
        {
            return new AutoscaleDecision(0, $"no call for {Text(config.CooldownPeriod.TotalSeconds)} s");
        }

        var want = Want(replicas, load);
        var most = MostWanted(now, isOthers ? Math.Max(replicas, want.Replicas) : want.Replicas);
        if (want.Replicas >= replicas || most >= replicas)
        {
            return want.Replicas > replicas ? want : new AutoscaleDecision(config.Clamp(replicas), want.Reason);
        }

        return new AutoscaleDecision(
            most, $"no more than {most} wanted for {Text(config.StabilizationWindow.TotalSeconds)} s; {want.Reason}");
    }

    private AutoscaleDecision Want(int replicas, PoolLoad load)
    {
        var byCalls = Wanted(replicas, load.InFlight / (replicas * config.Target));
        var byWait = config.TargetWait is { } limit
            ? Wanted(replicas, Math.Min(MaxWaitRatio, load.OldestWait / limit))
            : 0;
        var reason = byWait > byCalls
            ? $"the oldest request waited {Text(load.OldestWait.TotalMilliseconds)} ms, {Text(config.TargetWait!.Value.TotalMilliseconds)} "
                + "are the target"
            : $"{Text(load.InFlight)} calls under way or waiting, {Text(config.Target)} for each replica are the target";
        return new AutoscaleDecision(Math.Clamp(Math.Max(byCalls, byWait), Math.Max(1, config.Min), config.Max), reason);
    }

    private static int Wanted(int replicas, double ratio) =>
        Math.Abs(ratio - 1) <= Tolerance ? replicas : (int)Math.Min(int.MaxValue, Math.Ceiling(replicas * ratio));

    /// <summary>Notes what is wanted now, and returns the most that was within the window.</summary>
    private int MostWanted(long now, int wanted)
    {
        // What is outdone by what came later need not be kept, so that the first is the most.
        while (_wanted.Last is { } last && last.Value.Replicas <= wanted)
        {
            _wanted.RemoveLast();
        }

        _wanted.AddLast((now, wanted));
        while (_wanted.Count > 1 && time.GetElapsedTime(_wanted.First!.Value.At, now) >= config.StabilizationWindow)
        {
            _wanted.RemoveFirst();
        }

        return _wanted.First!.Value.Replicas;
    }

    private static string Text(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}
