using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FlowKit.Hosting.Services;

/// <summary>
/// Reports a flow as healthy when every replica serves, as degraded when each executor has one that does, and as failed otherwise.
/// </summary>
internal sealed class FlowHealthCheck(Flow flow) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var health = flow.Runtime.Health;
        var data = health.ToDictionary(
            pool => pool.Shard == 0 ? pool.Executor : $"{pool.Executor}/{pool.Shard}",
            object (pool) => $"{pool.Ready} of {pool.Replicas} replicas serve",
            StringComparer.Ordinal);
        var down = health.Where(pool => pool.IsOpen || pool.Ready < pool.Replicas)
            .Select(pool => pool.Executor)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        return Task.FromResult((flow.IsReady, down.Count) switch
        {
            (true, 0) => HealthCheckResult.Healthy("Every replica serves.", data),
            (true, _) => HealthCheckResult.Degraded($"Not all replicas serve: {string.Join(", ", down)}.", null, data),
            _ => new HealthCheckResult(
                context.Registration.FailureStatus,
                health.Count == 0 ? "The flow has not started." : $"No replica serves: {string.Join(", ", down)}.",
                null,
                data),
        });
    }
}
