using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Flow;
using Microsoft.Extensions.Logging;

namespace FlowKit.Components;

/// <summary>Gives the executors of a flow their devices.</summary>
public interface IDevicePlanner
{
    /// <summary>Plans all executors together, since their replicas share what is there.</summary>
    /// <param name="config">The flow.</param>
    /// <param name="logger">Is told what is odd but not wrong.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FlowConfigException">A device that is asked for is not there.</exception>
    Task<IDevicePlan> PlanAsync(FlowConfig config, ILogger logger, CancellationToken cancellationToken);
}
