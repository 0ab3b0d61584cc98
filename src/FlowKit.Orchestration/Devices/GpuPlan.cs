namespace FlowKit.Devices;

/// <summary>Which pod runs where.</summary>
/// <param name="Turns">The devices of each executor by its name.</param>
/// <param name="Problems">What is wrong; with an error among them the flow must not start.</param>
internal sealed record GpuPlan(IReadOnlyDictionary<string, GpuTurns> Turns, IReadOnlyList<GpuProblem> Problems)
{
    /// <summary>The device of a pod for <see cref="ExecutorContext.Device"/>: <c>cpu</c>, or <c>cuda:N</c> with CUDA's own ordinal in this process.</summary>
    /// <param name="executor">Its executor; one that asked for nothing runs on the CPU.</param>
    /// <param name="shard">Its shard.</param>
    /// <param name="replica">Its replica.</param>
    public string DeviceOf(string executor, int shard, int replica) =>
        Turns.TryGetValue(executor, out var turns) ? turns.DeviceOf(shard, replica) : "cpu";
}
