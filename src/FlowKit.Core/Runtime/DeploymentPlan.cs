using FlowKit.Components;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Flow;
using FlowKit.Runtime.Executors;
using FlowKit.Runtime.Executors.Loading;
using FlowKit.Telemetry;
using Microsoft.Extensions.Logging;

namespace FlowKit.Runtime;

/// <summary>The revisions that a deployment is to run, found in the catalog and checked before anything is loaded.</summary>
/// <param name="Main">The executor.</param>
/// <param name="Before">What runs before its shards.</param>
/// <param name="After">What runs behind them.</param>
internal sealed partial record DeploymentPlan(ExecutorRevision Main, ExecutorRevision? Before, ExecutorRevision? After)
{
    public ExecutorConfig Config => Main.Config;

    /// <summary>The shards that run here.</summary>
    public IReadOnlyList<int> Shards => Config.ShardId is { } only ? [only] : [.. Enumerable.Range(0, Config.Shards)];

    /// <param name="config">The flow.</param>
    /// <param name="catalog">The known executors.</param>
    /// <param name="services">What their constructors may ask for; <see langword="null"/> when that is not known.</param>
    /// <param name="building">Is told of executors that have to be built.</param>
    /// <param name="looksUp">Whether what options name is looked for too, as models: a start finds it by itself.</param>
    /// <param name="cancellationToken">Gives their builds up.</param>
    /// <param name="watcher">Is told of their builds as well, and of their end.</param>
    /// <exception cref="FlowConfigException">All mistakes at once.</exception>
    public static IReadOnlyDictionary<string, DeploymentPlan> Of(
        FlowConfig config,
        ComponentCatalog catalog,
        ExecutorServices? services,
        Action<ExecutorConfig> building,
        bool looksUp,
        CancellationToken cancellationToken,
        IStartWatcher? watcher = null)
    {
        var errors = new List<ConfigError>();
        var plans = new Dictionary<string, DeploymentPlan>(StringComparer.Ordinal);
        foreach (var executor in config.Executors)
        {
            var isSharded = executor is { Shards: > 1, ShardId: null };
            var main = Find(executor);
            var before = isSharded && executor.UsesBefore is { } first ? Find(Aside(executor, first, "uses_before")) : null;
            var after = isSharded && executor.UsesAfter is { } last ? Find(Aside(executor, last, "uses_after")) : null;
            if (main is not null)
            {
                plans.Add(executor.Name, new DeploymentPlan(main, before, after));
            }
        }

        return errors.Count == 0 ? plans : throw new FlowConfigException(errors);

        ExecutorRevision? Find(ExecutorConfig executor)
        {
            var isBuilt = false;
            try
            {
                var folder = executor.BaseDirectory ?? config.BaseDirectory;
                var descriptor = catalog.Resolve(executor, folder, Build, cancellationToken);
                if (isBuilt)
                {
                    watcher?.Building(executor.Name, isBuilt: true);
                }

                ExecutorActivator.Check(descriptor, executor, services, looksUp ? folder : null);
                return new ExecutorRevision(executor, descriptor);
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

            void Build()
            {
                isBuilt = true;
                building(executor);
                watcher?.Building(executor.Name, isBuilt: false);
            }
        }
    }

    /// <summary>Logs executors that have to be built.</summary>
    public static Action<ExecutorConfig> LogBuilds(ILogger logger) => executor => Log.Building(logger, executor.Name, executor.Uses);

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

    private static partial class Log
    {
        [LoggerMessage(EventIds.BuildingExecutor, LogLevel.Information, "Building {Executor} ({Uses}) ...")]
        public static partial void Building(ILogger logger, string executor, string uses);
    }
}
