namespace FlowKit.Orchestration.Devices;

/// <summary>The devices of one executor, which its pods take in turn: replica 0, 1, … of shard 0, then of shard 1.</summary>
/// <param name="Ordinals">The devices; empty for the CPU.</param>
/// <param name="Replicas">How many replicas each shard starts with.</param>
internal sealed record GpuAssignment(IReadOnlyList<int> Ordinals, int Replicas)
{
    /// <summary>Runs on the CPU.</summary>
    public static GpuAssignment Cpu { get; } = new([], 1);

    /// <summary>The device of one pod. A replica that is added later goes on in turn.</summary>
    /// <param name="shard">Its shard; what runs before or behind the shards counts as the first.</param>
    /// <param name="replica">Its replica.</param>
    public string DeviceOf(int shard, int replica) =>
        Ordinals.Count == 0 ? "cpu" : $"cuda:{Ordinals[((Math.Max(shard, 0) * Replicas) + replica) % Ordinals.Count]}";
}
