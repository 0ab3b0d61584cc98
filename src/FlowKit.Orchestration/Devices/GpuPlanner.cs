using FlowKit.Components;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Flow;
using FlowKit.Telemetry;
using Microsoft.Extensions.Logging;

namespace FlowKit.Orchestration.Devices;

/// <summary>
/// Gives the executors of a flow their devices, and says what is wrong with those they ask for. The machine is only probed when one asks.
/// </summary>
public sealed partial class GpuPlanner : IDevicePlanner
{
    /// <summary>Finds the GPUs of this machine.</summary>
    internal Func<CancellationToken, Task<GpuInventory>> Probe { get; init; } = GpuProbe.ReadAsync;

    /// <inheritdoc/>
    public async Task<IDevicePlan> PlanAsync(FlowConfig config, ILogger logger, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(config);
        var requests = config.Executors.Select(executor => GpuRequest.Of(executor)).ToList();
        var inventory = requests.Exists(request => request.WantsGpu) ? await Probe(cancellationToken) : GpuInventory.None;
        var plan = new GpuAllocator(
            inventory,
            Environment.GetEnvironmentVariable(CudaVisibleDevices.Variable),
            Environment.GetEnvironmentVariable("CUDA_DEVICE_ORDER")).Allocate(requests);
        if (Environment.GetEnvironmentVariable(CudaVisibleDevices.Variable) is { } turns && CudaVisibleDevices.IsRoundRobin(turns))
        {
            NativeVariable.Remove(CudaVisibleDevices.Variable);
        }

        foreach (var warning in plan.Problems.Where(problem => !problem.IsError))
        {
            Log.Device(logger, warning.Executor, warning.Message);
        }

        var errors = plan.Problems.Where(problem => problem.IsError).Select(problem => ErrorOf(problem, config)).ToList();
        return errors.Count == 0 ? plan : throw new FlowConfigException(errors);
    }

    private static ConfigError ErrorOf(GpuProblem problem, FlowConfig config) =>
        new(config.Executors.First(executor => executor.Name == problem.Executor).Place, $"executors.{problem.Executor}", problem.Message);

    private static partial class Log
    {
        [LoggerMessage(EventIds.DeviceWarning, LogLevel.Warning, "{Executor}: {Message}")]
        public static partial void Device(ILogger logger, string executor, string message);
    }
}
