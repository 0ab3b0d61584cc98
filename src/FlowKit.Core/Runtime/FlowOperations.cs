using FlowKit.Components.Launching;
using FlowKit.Configuration.Flow;

namespace FlowKit.Runtime;

/// <summary>The changes that an operator makes to a running flow, and the configuration that runs now.</summary>
/// <param name="deployer">Knows what runs.</param>
internal sealed class FlowOperations(FlowDeployer deployer)
{
    /// <summary>The configuration that runs.</summary>
    public FlowConfig Config => deployer.Config;

    /// <summary>Tells whether the flow knows where it was read from, so that it can be read again.</summary>
    public bool CanReload => deployer.Host.Reread is not null;

    /// <summary>The replicas that run in processes or containers of their own and serve.</summary>
    public IEnumerable<LaunchedExecutor> Launched =>
        deployer.Pipeline.Ordered.SelectMany(deployment => deployment.Pools).SelectMany(pool => pool.Launched);

    /// <summary>
    /// Has the requests to an executor, in each of its shards, wait before it, or go on. Calls that have begun end; what waits keeps its
    /// deadline, and is answered when the flow stops.
    /// </summary>
    /// <param name="executor">Its name.</param>
    /// <param name="isPaused">Whether they wait.</param>
    /// <exception cref="FlowKitException">There is no such executor.</exception>
    public void Pause(string executor, bool isPaused)
    {
        foreach (var pool in deployer.Find(executor).Pools)
        {
            pool.Pause(isPaused);
        }
    }

    /// <summary>Reads the flow again and applies what has changed, without losing a request.</summary>
    /// <param name="cancellationToken">Ends the wait for executors to load.</param>
    /// <exception cref="FlowKitException">It cannot be read again, or an executor did not start.</exception>
    /// <exception cref="FlowKit.Configuration.Diagnostics.FlowConfigException">What was read is not valid.</exception>
    public Task ReloadAsync(CancellationToken cancellationToken) => deployer.Host.Reread is { } read
        ? deployer.ApplyAsync(read(), cancellationToken)
        : throw new FlowKitException(
            FlowErrorCode.FailedPrecondition, "This flow is not read from a file, so that it cannot be read again.");

    /// <summary>Lets all requests go on, as they must when the flow stops.</summary>
    public void ResumeAll()
    {
        foreach (var pool in deployer.Pipeline.Ordered.SelectMany(deployment => deployment.Pools))
        {
            pool.Pause(isPaused: false);
        }
    }
}
