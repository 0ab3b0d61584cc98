using FlowKit.Runtime.Executors;
using FlowKit.Runtime.Executors.Loading;

namespace FlowKit.Runtime;

/// <summary>Starts the pools of deployments, and disposes them together.</summary>
/// <param name="host">What each pool is given.</param>
/// <param name="loader">Makes the loader of a pool's executors.</param>
internal sealed class DeploymentStarter(ExecutorPoolHost host, Func<ExecutorLoader> loader)
{
    /// <summary>Starts a deployment from its end, so that every consumer is there before its producer.</summary>
    public async Task<Deployment> StartAsync(DeploymentPlan plan, CancellationToken cancellationToken)
    {
        List<ExecutorPool> started = [];
        try
        {
            var after = await StartPoolAsync(plan.After, 0);
            foreach (var shard in plan.Shards.Reverse())
            {
                await StartPoolAsync(plan.Main, shard);
            }

            var before = await StartPoolAsync(plan.Before, 0);
            return new Deployment(
                plan.Config, [.. started.Where(pool => pool != before && pool != after).OrderBy(pool => pool.Shard)], before, after);
        }
        catch
        {
            await DisposeAsync(started);
            throw;
        }

        async Task<ExecutorPool?> StartPoolAsync(ExecutorRevision? revision, int shard)
        {
            if (revision is null)
            {
                return null;
            }

            var pool = new ExecutorPool(revision, shard, loader(), host);
            await pool.StartAsync(cancellationToken);
            started.Add(pool);
            return pool;
        }
    }

    /// <summary>Ends pools one after another.</summary>
    public static async Task DisposeAsync(IEnumerable<ExecutorPool> pools)
    {
        foreach (var pool in pools)
        {
            await pool.DisposeAsync();
        }
    }
}
