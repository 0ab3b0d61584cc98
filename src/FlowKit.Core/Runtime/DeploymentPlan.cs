using FlowKit.Components;
using FlowKit.Configuration;

namespace FlowKit.Runtime;

/// <summary>What a deployment is to run, found in the catalog and checked before anything is loaded.</summary>
/// <param name="Main">The executor.</param>
/// <param name="Before">What runs before its shards.</param>
/// <param name="After">What runs behind them.</param>
internal sealed record DeploymentPlan(PoolVersion Main, PoolVersion? Before, PoolVersion? After)
{
    public ExecutorConfig Config => Main.Config;

    /// <exception cref="FlowConfigException">All mistakes at once.</exception>
    public static IReadOnlyDictionary<string, DeploymentPlan> Of(FlowConfig config, ComponentCatalog catalog)
    {
        var errors = new List<ConfigError>();
        var plans = new Dictionary<string, DeploymentPlan>(StringComparer.Ordinal);
        foreach (var executor in config.Executors)
        {
            var isSharded = executor.Shards > 1;
            var main = Resolve(executor, config, catalog, errors);
            var before = isSharded && executor.UsesBefore is { } first ? Resolve(Aside(executor, first, "uses_before"), config, catalog, errors) : null;
            var after = isSharded && executor.UsesAfter is { } last ? Resolve(Aside(executor, last, "uses_after"), config, catalog, errors) : null;
            if (main is not null)
            {
                plans.Add(executor.Name, new DeploymentPlan(main, before, after));
            }
        }

        return errors.Count == 0 ? plans : throw new FlowConfigException(errors);
    }

    private static ExecutorConfig Aside(ExecutorConfig executor, string uses, string role) => new()
    {
        Name = $"{executor.Name}/{role}",
        Uses = uses,
        UsesPlace = executor.UsesPlace,
        Place = executor.Place,
        Needs = executor.Needs,
        Env = executor.Env,
        Workspace = executor.Workspace,
        BaseDirectory = executor.BaseDirectory,
        TimeoutReady = executor.TimeoutReady,
        Capacity = executor.Capacity,
    };

    private static PoolVersion? Resolve(ExecutorConfig executor, FlowConfig config, ComponentCatalog catalog, List<ConfigError> errors)
    {
        try
        {
            var descriptor = catalog.Resolve(executor, executor.BaseDirectory ?? config.BaseDirectory);
            ExecutorActivator.Check(descriptor, executor);
            return new PoolVersion(executor, descriptor);
        }
        catch (FlowConfigException exception)
        {
            errors.AddRange(exception.Errors);
        }
        catch (FlowKitException exception)
        {
            errors.Add(new ConfigError(executor.UsesPlace, "uses", exception.Message));
        }

        return null;
    }
}
