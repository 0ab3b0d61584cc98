namespace FlowKit.Components;

/// <summary>The devices of a flow's executors.</summary>
public interface IDevicePlan
{
    /// <summary>
    /// The device of one replica for <see cref="ExecutorContext.Device"/>: <c>cpu</c>, or <c>cuda:N</c> with CUDA's own ordinal in this
    /// process.
    /// </summary>
    /// <param name="executor">The executor's name; one that asked for nothing runs on the CPU.</param>
    /// <param name="shard">Its shard; what runs before or behind the shards counts as the first.</param>
    /// <param name="replica">Its replica.</param>
    string DeviceOf(string executor, int shard, int replica);
}
