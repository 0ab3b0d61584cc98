using FlowKit.Configuration;
using FlowKit.Graph;

namespace FlowKit.Runtime;

/// <content>How deployments start, and change while the flow serves.</content>
public sealed partial class FlowRuntime
{
    private readonly SemaphoreSlim _changing = new(1, 1);

    /// <summary>Changes how many replicas of an executor, in each of its shards, serve. Those that go finish their call first.</summary>
    /// <param name="executor">The executor's name.</param>
    /// <param name="replicas">1 to 1024.</param>
    /// <param name="cancellationToken">Ends the wait for new replicas to load.</param>
    /// <exception cref="FlowKitException">There is no such executor, the number is out of range, or a new replica did not start.</exception>
    public async Task ScaleAsync(string executor, int replicas, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(replicas, 1024);
        await ChangeAsync(
            async token =>
            {
                foreach (var pool in Find(executor).Shards)
                {
                    await pool.ScaleAsync(replicas, token);
                }
            },
            cancellationToken);
    }

    /// <summary>
    /// Makes the flow what another configuration says, without losing a request: executors that are the same serve on, changed ones are replaced
    /// one replica after another, new ones are loaded before the first request goes to them, and those left out end after their last.
    /// What the gateway listens on stays as it is.
    /// </summary>
    /// <param name="config">The new configuration.</param>
    /// <param name="cancellationToken">Ends the wait for executors to load.</param>
    /// <exception cref="FlowConfigException">It names or sets something that is not there; the flow serves on as before.</exception>
    /// <exception cref="FlowKitException">An executor did not start; the flow serves on as before, but for executors already replaced.</exception>
    public async Task ApplyAsync(FlowConfig config, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(config);
        var graph = FlowGraphBuilder.Build(config);
        var plans = DeploymentPlan.Of(config, _host.Catalog, _host.ExecutorServices, _logger, cancellationToken);
        await ChangeAsync(
            async token =>
            {
                _devices = await DevicePlanner.PlanAsync(config, _host, _logger, token);
                var old = _wiring;
                var deployments = await ChangeAsync(graph, plans, old.Deployments, token);
                _config = config;
                _gate.Capacity = config.Gateway.Capacity;
                _wiring = new FlowWiring(graph, deployments, _floating);
                await old.CloseAsync();
                await DisposeAsync(old.Deployments.Values.SelectMany(deployment => deployment.Pools).Except(deployments.Values.SelectMany(deployment => deployment.Pools)));
            },
            cancellationToken);
    }

    /// <summary>One change at a time; stopping ends the one that is under way.</summary>
    private async Task ChangeAsync(Func<CancellationToken, Task> change, CancellationToken cancellationToken)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        await _changing.WaitAsync(giveUp.Token);
        try
        {
            await change(giveUp.Token);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>New pools are started before any is replaced, so that what cannot start changes nothing.</summary>
    private async Task<Dictionary<string, Deployment>> ChangeAsync(
        FlowGraph graph, IReadOnlyDictionary<string, DeploymentPlan> plans, IReadOnlyDictionary<string, Deployment> old, CancellationToken cancellationToken)
    {
        var deployments = new Dictionary<string, Deployment>(StringComparer.Ordinal);
        List<ExecutorPool> started = [];
        try
        {
            foreach (var node in graph.Nodes.Reverse().Where(node => !CanKeep(node.Name)))
            {
                deployments.Add(node.Name, await StartAsync(plans[node.Name], cancellationToken));
                started.AddRange(deployments[node.Name].Pools);
            }

            foreach (var node in graph.Nodes.Where(node => CanKeep(node.Name)))
            {
                deployments.Add(node.Name, await ReplaceAsync(old[node.Name], plans[node.Name], cancellationToken));
            }

            return deployments;
        }
        catch
        {
            await DisposeAsync(started);
            throw;
        }

        bool CanKeep(string name) => old.TryGetValue(name, out var known) && known.CanBecome(plans[name]);
    }

    private static async Task<Deployment> ReplaceAsync(Deployment old, DeploymentPlan plan, CancellationToken cancellationToken)
    {
        foreach (var (pool, version) in old.Pair(plan))
        {
            await pool.BecomeAsync(version, cancellationToken);
        }

        return old with { Config = plan.Config };
    }

    private static async Task DisposeAsync(IEnumerable<ExecutorPool> pools)
    {
        foreach (var pool in pools)
        {
            await pool.DisposeAsync();
        }
    }

    private Deployment Find(string executor) =>
        _wiring.Deployments.TryGetValue(executor, out var deployment)
            ? deployment
            : throw new FlowKitException(FlowErrorCode.NotFound, $"No executor is named '{executor}'{NearestName.Hint(executor, _wiring.Names)}; there are {string.Join(", ", _wiring.Names)}.");

    private async Task StartDeploymentsAsync(FlowGraph graph, IReadOnlyDictionary<string, DeploymentPlan> plans, CancellationToken cancellationToken)
    {
        var deployments = new Dictionary<string, Deployment>(StringComparer.Ordinal);
        try
        {
            foreach (var node in graph.Nodes.Reverse())
            {
                deployments.Add(node.Name, await StartAsync(plans[node.Name], cancellationToken));
                _host.Progress?.Report((deployments.Count, graph.Nodes.Count, node.Name));
            }
        }
        catch
        {
            foreach (var pool in graph.Nodes.Where(node => deployments.ContainsKey(node.Name)).SelectMany(node => deployments[node.Name].Pools))
            {
                await pool.DisposeAsync();
            }

            throw;
        }

        _wiring = new FlowWiring(graph, deployments, _floating);
    }

    private async Task<Deployment> StartAsync(DeploymentPlan plan, CancellationToken cancellationToken)
    {
        List<ExecutorPool> started = [];
        try
        {
            var after = await StartPoolAsync(plan.After, 0);
            for (var shard = plan.Config.Shards - 1; shard >= 0; shard--)
            {
                await StartPoolAsync(plan.Main, shard);
            }

            var before = await StartPoolAsync(plan.Before, 0);
            return new Deployment(plan.Config, [.. started.Where(pool => pool != before && pool != after).OrderBy(pool => pool.Shard)], before, after);
        }
        catch
        {
            foreach (var pool in started)
            {
                await pool.DisposeAsync();
            }

            throw;
        }

        async Task<ExecutorPool?> StartPoolAsync(PoolVersion? version, int shard)
        {
            if (version is null)
            {
                return null;
            }

            var loader = new ExecutorLoader(_config, _host, () => _devices, _disposal, _logger);
            var pool = new ExecutorPool(version, shard, loader, _disposal, _host.TimeProvider, _logger, new CallPace(_host.TimeProvider, _host.ShortCall), error => _ended.TrySetResult(error));
            await pool.StartAsync(cancellationToken);
            started.Add(pool);
            return pool;
        }
    }
}
