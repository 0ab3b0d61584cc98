namespace FlowKit.Simulate;

/// <summary>The use of a node.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Replicas">The replicas of each shard.</param>
/// <param name="Busy">The share of the time that its replicas work, in its busiest shard.</param>
internal sealed record NodeUse(string Name, int Replicas, double Busy);
