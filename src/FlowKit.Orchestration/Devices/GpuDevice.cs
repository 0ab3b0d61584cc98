namespace FlowKit.Orchestration.Devices;

/// <summary>A GPU of this machine, or a MIG device: a slice of one.</summary>
/// <param name="Name">What it is: <c>NVIDIA A100-SXM4-40GB</c>, <c>MIG 1g.5gb</c>.</param>
/// <param name="Uuid"><c>GPU-…</c> or <c>MIG-…</c>; <see langword="null"/> where only the number of GPUs is known.</param>
/// <param name="MemoryBytes">Its memory; <see langword="null"/> where it is not known.</param>
internal sealed record GpuDevice(string Name, string? Uuid = null, long? MemoryBytes = null)
{
    /// <summary>The slices it is cut into, when MIG is on.</summary>
    public IReadOnlyList<GpuDevice> Slices { get; init; } = [];
}
