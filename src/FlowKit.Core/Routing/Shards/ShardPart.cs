namespace FlowKit.Routing.Shards;

/// <summary>The documents that one shard is sent.</summary>
/// <param name="Shard">The shard, from 0.</param>
/// <param name="Documents">Its documents, which no other shard has.</param>
internal readonly record struct ShardPart(int Shard, DocumentArray Documents);
