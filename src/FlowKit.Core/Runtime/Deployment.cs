using FlowKit.Configuration.Executors;
using FlowKit.Runtime.Executors;
using FlowKit.Runtime.Requests;

namespace FlowKit.Runtime;

/// <summary>The pools that serve one entry of <c>executors:</c>: a pool for each shard, and the pools before and behind them.</summary>
/// <param name="Config">The entry.</param>
/// <param name="Shards">At least one.</param>
/// <param name="Before">What runs before the shards.</param>
/// <param name="After">What runs behind them.</param>
internal sealed record Deployment(ExecutorConfig Config, IReadOnlyList<ExecutorPool> Shards, ExecutorPool? Before, ExecutorPool? After)
{
    public string Name => Config.Name;

    /// <summary>All pools in the order of the road.</summary>
    public IEnumerable<ExecutorPool> Pools =>
        new[] { Before }.Concat(Shards).Append(After).OfType<ExecutorPool>();

    /// <summary>Tells whether a request calls it: it answers the endpoint, and the caller means it.</summary>
    public bool Calls(RequestState request) => Shards[0].Find(request.Call.Endpoint) is not null && request.Targets(Name);

    /// <summary>
    /// Tells whether its pools can take over what a plan says: as many shards, and something before and behind them as it has.
    /// </summary>
    public bool CanBecome(DeploymentPlan plan) =>
        Shards.Select(pool => pool.Shard).SequenceEqual(plan.Shards)
        && Before is null == plan.Before is null && After is null == plan.After is null;

    /// <summary>Each pool with what the plan says it is to run.</summary>
    public IEnumerable<(ExecutorPool Pool, ExecutorRevision Version)> Pair(DeploymentPlan plan) =>
        Pools.Select(pool => (pool, RevisionOf(pool, plan)));

    private ExecutorRevision RevisionOf(ExecutorPool pool, DeploymentPlan plan)
    {
        if (pool == Before)
        {
            return plan.Before!;
        }

        if (pool == After)
        {
            return plan.After!;
        }

        // As many as the load has made it, whatever else changes.
        return plan.Config.Autoscale is { } limits && Config.Autoscale is not null
            ? plan.Main.With(limits.Clamp(pool.Config.Replicas))
            : plan.Main;
    }
}
