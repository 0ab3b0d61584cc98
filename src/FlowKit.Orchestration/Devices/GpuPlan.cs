using FlowKit.Components;

namespace FlowKit.Orchestration.Devices;

/// <summary>The devices on which pods run.</summary>
/// <param name="Turns">The devices of each executor by its name.</param>
/// <param name="Problems">What is wrong; with an error among them the flow must not start.</param>
internal sealed record GpuPlan(IReadOnlyDictionary<string, GpuAssignment> Turns, IReadOnlyList<GpuProblem> Problems) : IDevicePlan
{
    /// <inheritdoc/>
    public string DeviceOf(string executor, int shard, int replica) =>
        Turns.TryGetValue(executor, out var turns) ? turns.DeviceOf(shard, replica) : "cpu";
}
