namespace FlowKit.Runtime;

/// <summary>
/// Tells whether a flow serves, as orchestrators ask: the executors that a reply waits for, those elsewhere asked for real. Nothing is
/// asked twice within a second, so that probes cost nobody much, however many there are.
/// </summary>
public sealed class FlowReadiness
{
    private readonly FlowDeployer _deployer;
    private readonly AdmissionGate _gate;

    internal FlowReadiness(FlowDeployer deployer, AdmissionGate gate) => (_deployer, _gate) = (deployer, gate);

    /// <summary>Tells whether every executor has been loaded once; that stays so while one fails, and while the flow stops.</summary>
    public bool HasStarted => _gate.HasOpened;

    /// <summary>Tells whether there is an executor of a name.</summary>
    /// <param name="executor">The name.</param>
    internal bool Knows(string executor) => _deployer.Pipeline.Deployments.ContainsKey(executor);

    /// <summary>Finds whether the flow accepts requests and every executor that a reply waits for serves.</summary>
    /// <param name="cancellationToken">Ends the wait for executors elsewhere.</param>
    /// <returns>What does not serve, and why, an executor by its name; empty when all do.</returns>
    public async Task<IReadOnlyList<FlowError>> FindFaultsAsync(CancellationToken cancellationToken)
    {
        if (_gate.ClosedBecause is { } reason)
        {
            return [new FlowError(FlowErrorCode.Unavailable, reason)];
        }

        var pipeline = _deployer.Pipeline;
        var needed = pipeline.Graph.Nodes.Where(node => !node.IsFloating).Select(node => pipeline.Deployments[node.Name]);
        var found = await Task.WhenAll(needed.Select(deployment => FindFaultAsync(deployment, cancellationToken)));
        return [.. found.OfType<FlowError>()];
    }

    /// <summary>Finds whether one executor serves, each of its shards.</summary>
    /// <param name="executor">Its name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Why it does not serve; <see langword="null"/> when it does.</returns>
    internal Task<FlowError?> FindFaultAsync(string executor, CancellationToken cancellationToken) =>
        FindFaultAsync(_deployer.Pipeline.Deployments[executor], cancellationToken);

    private static async Task<FlowError?> FindFaultAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        var found = await Task.WhenAll(deployment.Pools.Select(pool => pool.FindFaultAsync(cancellationToken)));
        return Array.Find(found, fault => fault is not null);
    }
}
