using FlowKit.Configuration.Equality;

namespace FlowKit.Configuration.Launching;

/// <summary>The way that an executor's container is run.</summary>
public sealed record ContainerConfig
{
    /// <summary>The dialect of an executor whose entry names none: DocArray up to 0.21.</summary>
    public const string DefaultDocArrayVersion = "v1";

    /// <summary>The image, as <c>docker run</c> takes it; <see langword="null"/> for FlowKit's own.</summary>
    public string? Image { get; init; }

    /// <summary>Folders and files of this machine that it sees.</summary>
    public IReadOnlyList<VolumeConfig> Volumes { get; init => field = Equatable.Of(value); } = EquatableList<VolumeConfig>.Empty;

    /// <summary>Tells what is started instead of what the image says; <see langword="null"/> for that.</summary>
    public string? Entrypoint { get; init; }

    /// <summary>Options of the engine, as the command line writes them: <c>--shm-size=1g</c>.</summary>
    public IReadOnlyList<string> EngineOptions { get; init => field = Equatable.Of(value); } = EquatableList<string>.Empty;

    /// <summary>
    /// The GPUs that it sees, as <c>docker run --gpus</c> takes it; <see langword="null"/> for those of its <c>device</c>.
    /// </summary>
    public string? Gpus { get; init; }

    /// <summary>The user that it runs as: <c>uid</c> or <c>uid:gid</c>; <see langword="null"/> for whom the image names.</summary>
    public string? User { get; init; }

    /// <summary>The number of processors that it may use; <see langword="null"/> for all.</summary>
    public string? Cpus { get; init; }

    /// <summary>The network: <c>host</c>, <c>none</c>, <c>bridge</c>, or one's name; <see langword="null"/> for the engine's own.</summary>
    public string? Network { get; init; }

    /// <summary>The ports of this machine it is reached at, one for each replica; empty for free ones.</summary>
    public IReadOnlyList<int> Ports { get; init => field = Equatable.Of(value); } = EquatableList<int>.Empty;

    /// <summary>Tells whether a newer image is asked for at every start. Default: only when there is none.</summary>
    public bool PullLatest { get; init; }

    /// <summary>The platform of the image, such as <c>linux/amd64</c>; <see langword="null"/> for this machine's.</summary>
    public string? Platform { get; init; }

    /// <summary>Tells whether the executor's workspace is mounted at <c>/workspace</c>. Default true.</summary>
    public bool MountsWorkspace { get; init; } = true;

    /// <summary>The dialect that its executor speaks: <c>v1</c> (DocArray up to 0.21, the default) or <c>v2</c>.</summary>
    public string DocArrayVersion { get; init; } = DefaultDocArrayVersion;
}
