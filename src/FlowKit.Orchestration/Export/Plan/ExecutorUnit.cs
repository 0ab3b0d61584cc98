using FlowKit.Configuration.Autoscaling;
using FlowKit.Configuration.Launching;

namespace FlowKit.Orchestration.Export.Plan;

/// <summary>An executor that runs by itself.</summary>
/// <param name="Name">Its name, as names of services are written.</param>
/// <param name="Entry">The name of its entry in the flow.</param>
/// <param name="Image">The image.</param>
internal sealed record ExecutorUnit(string Name, string Entry, string Image)
{
    /// <summary>The folder in which it keeps its files.</summary>
    public const string Workspace = "/workspace";

    /// <summary>The port that its metrics are at.</summary>
    public const int MonitoringPort = 9090;

    /// <summary>The executor that the image is built of; <see langword="null"/> where it need not be.</summary>
    public string? Source { get; init; }

    /// <summary>Tells whether the image is FlowKit's, or built on it, so that it runs as any user on a read-only root.</summary>
    public bool IsOwnImage { get; init; } = true;

    /// <summary>The arguments, but for those that say where it listens and which shard it is.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The number of shards.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>The number of replicas; one where it keeps state.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>The limits between which its replicas follow its load; <see langword="null"/> where the flow does not say.</summary>
    public AutoscaleConfig? Autoscale { get; init; }

    /// <summary>Tells whether it keeps files that must outlive it.</summary>
    public bool KeepsState { get; init; }

    /// <summary>Environment variables.</summary>
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>The environment variables whose values the engine is to give, by the names of those values.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = new Dictionary<string, string>();

    /// <summary>The number of GPUs.</summary>
    public int Gpus { get; init; }

    /// <summary>Bytes of memory; <see langword="null"/> for no limit.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>The number of processors; <see langword="null"/> for no limit.</summary>
    public string? Cpus { get; init; }

    /// <summary>The folders that the flow mounts.</summary>
    public IReadOnlyList<VolumeConfig> Volumes { get; init; } = [];

    /// <summary>The time that it may take to start.</summary>
    public TimeSpan TimeoutReady { get; init; }

    /// <summary>Tells whether it may have more replicas than the flow says.</summary>
    public bool CanScale => !KeepsState && Shards == 1;

    /// <summary>The names of its services where each shard has its own.</summary>
    public IReadOnlyList<string> ShardNames => Shards == 1 ? [Name] : [.. Enumerable.Range(0, Shards).Select(shard => $"{Name}-{shard}")];

    /// <summary>All names that its services may have.</summary>
    public IEnumerable<string> ServiceNames => ShardNames.Append(Name);

    /// <summary>All arguments of one that listens.</summary>
    /// <param name="port">The port.</param>
    /// <param name="shard">Its shard; <see langword="null"/> where an environment variable says it, or there are none.</param>
    public IReadOnlyList<string> ListeningAt(int port, int? shard) =>
    [
        .. Arguments, "--host", "0.0.0.0", "--port", $"{port}",
        .. Shards > 1 ? (IEnumerable<string>)["--shards", $"{Shards}"] : [],
        .. Shards > 1 && shard is { } index ? (IEnumerable<string>)["--shard", $"{index}"] : [],
    ];
}
