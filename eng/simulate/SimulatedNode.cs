using FlowKit.Configuration.Batching;
using FlowKit.Configuration.Executors;

namespace FlowKit.Simulate;

/// <summary>An executor in the network of queues.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Needs">The nodes that it takes documents from; none for the gateway's.</param>
/// <param name="Cost">The time of a call.</param>
internal sealed record SimulatedNode(string Name, IReadOnlyList<string> Needs, Cost Cost)
{
    /// <summary>The calls that run side by side in each shard.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>The shards.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>The shards that a request goes to.</summary>
    public PollingMode Polling { get; init; }

    /// <summary>The way that requests are put together; <see langword="null"/> for not at all.</summary>
    public BatchingConfig? Batching { get; init; }

    /// <summary>The documents that may wait in each shard.</summary>
    public int Capacity { get; init; } = int.MaxValue;

    /// <summary>Tells whether the reply does not wait for it.</summary>
    public bool Floating { get; init; }
}
