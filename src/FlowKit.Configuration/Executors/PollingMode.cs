namespace FlowKit.Configuration.Executors;

/// <summary>The shards that a request goes to.</summary>
public enum PollingMode
{
    /// <summary>A single shard, in turn.</summary>
    Any,

    /// <summary>Every shard; their parts are reduced to one.</summary>
    All,

    /// <summary>Each document goes to the shard that its id belongs to.</summary>
    Hash,
}
