using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Flow;
using Microsoft.Extensions.Logging;

namespace FlowKit.Components;

/// <summary>
/// Runs every executor on the CPU, for programs that bring no planner of GPUs; one that asks for a GPU without a fallback is refused.
/// </summary>
internal sealed class CpuPlanner : IDevicePlanner, IDevicePlan
{
    /// <inheritdoc/>
    public Task<IDevicePlan> PlanAsync(FlowConfig config, ILogger logger, CancellationToken cancellationToken)
    {
        var errors = config.Executors.Where(
            executor =>
                executor.Fallback is null && (executor.Device != "cpu" || executor.Gpus is not null)).Select(executor => new ConfigError(
            executor.Place,
            $"executors.{executor.Name}",
            $"this program plans no GPUs, so that "
                + $"'{(executor.Gpus is null ? $"device: {executor.Device}" : $"gpus: {executor.Gpus}")}' cannot be had; give the "
                + $"host 'Devices = new GpuPlanner()' of FlowKit.Orchestration, or write 'fallback: cpu' beside it")).ToList();
        return errors.Count == 0 ? Task.FromResult<IDevicePlan>(this) : throw new FlowConfigException(errors);
    }

    /// <inheritdoc/>
    public string DeviceOf(string executor, int shard, int replica) => "cpu";
}
