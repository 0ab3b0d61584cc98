namespace FlowKit.Configuration.Executors;

/// <summary>Which shards a request goes to.</summary>
public enum PollingMode
{
    /// <summary>One shard, in turn.</summary>
    Any,

    /// <summary>Every shard; their parts are reduced to one.</summary>
    All,

    /// <summary>Each document goes to the shard that its id belongs to.</summary>
    Hash,
}
