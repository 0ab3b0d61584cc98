using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowKit;

/// <summary>The place where an executor runs: its name, its place among replicas and shards, its folder, its logger, its device.</summary>
public sealed record ExecutorContext
{
    /// <summary>The name of its entry in <c>executors:</c>.</summary>
    public string Name { get; init; } = "executor0";

    /// <summary>Its shard, from 0.</summary>
    public int ShardId { get; init; }

    /// <summary>The number of shards that there are.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>Its replica, from 0.</summary>
    public int ReplicaId { get; init; }

    /// <summary>The number of replicas that there are.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>The folder it may keep files in; it exists when the executor is constructed.</summary>
    public string Workspace { get; init; } = Path.GetTempPath();

    /// <summary>The folder of the flow's YAML file: relative paths that a user writes start here.</summary>
    public string BaseDirectory { get; init; } = Directory.GetCurrentDirectory();

    /// <summary>The device it is pinned to, such as <c>cpu</c> or <c>cuda:1</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>The environment variables that its entry and the flow set under <c>env:</c>.</summary>
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>Its logger.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Time, replaceable in tests.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The services of the program, in a scope that lives as long as this replica. Empty outside a flow.</summary>
    public IServiceProvider Services { get; init; } = NoServices.Instance;

    /// <summary>Ends the scope of <see cref="Services"/>; <see langword="null"/> when there is none.</summary>
    internal IAsyncDisposable? Scope { get; init; }
}
