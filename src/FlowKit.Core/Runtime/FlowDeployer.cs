using FlowKit.Components;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Flow;
using FlowKit.Graph;
using FlowKit.Runtime.Executors;
using FlowKit.Runtime.Executors.Calls;
using FlowKit.Runtime.Executors.Loading;
using FlowKit.Runtime.Stages;
using FlowKit.Telemetry;
using FlowKit.Telemetry.Jina;
using Microsoft.Extensions.Logging;

namespace FlowKit.Runtime;

/// <summary>
/// Starts what a flow's configuration names, and changes it while the flow serves: the present configuration and the pipeline over it are
/// here.
/// </summary>
internal sealed partial class FlowDeployer : IDisposable
{
    private static readonly TimeSpan s_endTimeout = TimeSpan.FromSeconds(5);

    private readonly AdmissionGate _gate;
    private readonly FloatingRequests _floating;
    private readonly ILogger _logger;
    private readonly DeploymentStarter _starter;
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource<FlowError> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile FlowConfig _config;
    private volatile FlowPipeline _pipeline;
    private volatile IDevicePlan _devices = new CpuPlanner();

    public FlowDeployer(FlowConfig config, FlowHost host, AdmissionGate gate, FloatingRequests floating, ILogger logger)
    {
        _config = config;
        _gate = gate;
        _floating = floating;
        _logger = logger;
        Host = host;
        Meters = new JinaMeters(() => gate.InFlight);
        var disposal = new ExecutorDisposal(host.TimeProvider, logger);
        var pools = new ExecutorPoolHost(
            disposal, host.TimeProvider, logger, host.ShortCall, config.Gateway.ShowStacks, new CallLoops(host.TimeProvider), Meters,
            error => _ended.TrySetResult(error));
        _starter = new DeploymentStarter(pools, () => new ExecutorLoader(_config, host, () => _devices, disposal, logger));
        _pipeline = new FlowPipeline(new FlowGraph([], [FlowGraph.Origin]), new Dictionary<string, Deployment>(), floating);
    }

    public FlowHost Host { get; }

    /// <summary>The instruments under Jina's names.</summary>
    public JinaMeters Meters { get; }

    /// <summary>The configuration that the flow runs.</summary>
    public FlowConfig Config => _config;

    /// <summary>The way that new requests go.</summary>
    public FlowPipeline Pipeline => _pipeline;

    /// <summary>Called when another configuration has been applied.</summary>
    public Action Applied { get; set; } = static () => { };

    /// <summary>Completes when the flow must not go on: an executor threw what <c>exit_on_exceptions</c> names.</summary>
    public Task<FlowError> Ended => _ended.Task;

    /// <summary>Starts the first deployments, downstream first.</summary>
    /// <exception cref="FlowConfigException">The configuration names or sets something that is not there.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var graph = FlowGraphBuilder.Build(_config);
        var plans = DeploymentPlan.Of(
            _config,
            Host.Catalog,
            Host.ExecutorServices,
            DeploymentPlan.LogBuilds(_logger),
            looksUp: false,
            cancellationToken,
            Host.Watcher);
        _devices = await Host.Devices.PlanAsync(_config, _logger, cancellationToken);
        var deployments = new Dictionary<string, Deployment>(StringComparer.Ordinal);
        try
        {
            foreach (var node in graph.Nodes.Reverse())
            {
                Host.Watcher?.Starting(node.Name, deployments.Count, graph.Nodes.Count);
                deployments.Add(node.Name, await _starter.StartAsync(plans[node.Name], cancellationToken));
                Host.Progress?.Report((deployments.Count, graph.Nodes.Count, node.Name));
            }
        }
        catch
        {
            await DeploymentStarter.DisposeAsync(
                graph.Nodes.Where(node => deployments.ContainsKey(node.Name)).SelectMany(node => deployments[node.Name].Pools));
            throw;
        }

        _pipeline = new FlowPipeline(graph, deployments, _floating);
    }

    /// <summary>Changes how many replicas of an executor, in each of its shards, serve; with none, requests wait.</summary>
    public async Task ScaleAsync(string executor, int replicas, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(replicas);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(replicas, ExecutorConfig.MaxReplicas);
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

    /// <summary>Makes the flow what another configuration says, without losing a request.</summary>
    public async Task ApplyAsync(FlowConfig config, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(config);
        var graph = FlowGraphBuilder.Build(config);
        var plans = DeploymentPlan.Of(
            config, Host.Catalog, Host.ExecutorServices, DeploymentPlan.LogBuilds(_logger), looksUp: false, cancellationToken);
        await ChangeAsync(
            async token =>
            {
                _devices = await Host.Devices.PlanAsync(config, _logger, token);
                var old = _pipeline;
                var deployments = await ChangeAsync(graph, plans, old.Deployments, token);
                _config = config;
                _gate.Capacity = config.Gateway.Capacity;
                _gate.Memory.SetLimit(config.Gateway.Memory);
                _pipeline = new FlowPipeline(graph, deployments, _floating);
                await old.CloseAsync();
                await DeploymentStarter.DisposeAsync(PoolsOf(old.Deployments.Values).Except(PoolsOf(deployments.Values)));
            },
            cancellationToken);
        Applied();
    }

    /// <summary>Makes one change at a time; stopping ends the one that is under way.</summary>
    public async Task ChangeAsync(Func<CancellationToken, Task> change, CancellationToken cancellationToken)
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

    /// <summary>Cancels the change that is under way, and lets none begin.</summary>
    public Task CancelChangesAsync() => _closing.CancelAsync();

    /// <summary>
    /// Ends all pools. Nothing is left to answer, so they end as soon as their executors return. One that ignores its cancellation must not
    /// keep the program from ending: it is left behind, undisposed, since it may be inside native code.
    /// </summary>
    public async Task StopAsync()
    {
        // A change that was under way has been cancelled; it must not start what nobody would stop.
        await _changing.WaitAsync(CancellationToken.None);
        var pools = PoolsOf(_pipeline.Ordered).ToList();
        var ended = await Task.WhenAll(pools.Select(pool => pool.EndAsync(s_endTimeout)));
        var left = pools.Where((_, index) => !ended[index]).Select(pool => pool.Name).Distinct(StringComparer.Ordinal).ToList();
        if (left.Count > 0)
        {
            Log.LeftBehind(_logger, string.Join(", ", left));
        }

        foreach (var pool in pools)
        {
            await pool.DisposeExecutorsAsync();
        }
    }

    public void Dispose()
    {
        _closing.Dispose();
        Meters.Dispose();
    }

    /// <summary>Finds what runs under a name.</summary>
    /// <exception cref="FlowKitException">Nothing does.</exception>
    public Deployment Find(string executor) => _pipeline.Deployments.TryGetValue(executor, out var deployment)
        ? deployment
        : throw new FlowKitException(
            FlowErrorCode.NotFound,
            $"No executor is named '{executor}'{NearestName.Hint(executor, _pipeline.Names)}; there are "
                + $"{string.Join(", ", _pipeline.Names)}.");

    /// <summary>New pools are started before any is replaced, so that what cannot start changes nothing.</summary>
    private async Task<Dictionary<string, Deployment>> ChangeAsync(
        FlowGraph graph, IReadOnlyDictionary<string, DeploymentPlan> plans, IReadOnlyDictionary<string, Deployment> old,
        CancellationToken cancellationToken)
    {
        var deployments = new Dictionary<string, Deployment>(StringComparer.Ordinal);
        List<ExecutorPool> started = [];
        try
        {
            foreach (var node in graph.Nodes.Reverse().Where(node => !CanKeep(node.Name)))
            {
                deployments.Add(node.Name, await _starter.StartAsync(plans[node.Name], cancellationToken));
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
            await DeploymentStarter.DisposeAsync(started);
            throw;
        }

        bool CanKeep(string name) => old.TryGetValue(name, out var known) && known.CanBecome(plans[name]);
    }

    private static async Task<Deployment> ReplaceAsync(Deployment old, DeploymentPlan plan, CancellationToken cancellationToken)
    {
        foreach (var (pool, revision) in old.Pair(plan))
        {
            await pool.ApplyAsync(revision, cancellationToken);
        }

        return old with { Config = plan.Config };
    }

    private static IEnumerable<ExecutorPool> PoolsOf(IEnumerable<Deployment> deployments) =>
        deployments.SelectMany(deployment => deployment.Pools);

    private static partial class Log
    {
        [LoggerMessage(EventIds.ExecutorsLeftBehind, LogLevel.Error, "Left behind, since they ignore their cancellation: {Executors}")]
        public static partial void LeftBehind(ILogger logger, string executors);
    }
}
