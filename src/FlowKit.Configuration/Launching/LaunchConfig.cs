namespace FlowKit.Configuration.Launching;

/// <summary>The way that an executor is run outside the flow's own process.</summary>
public sealed record LaunchConfig
{
    /// <summary>The runtime of processes.</summary>
    public const string Process = "process";

    /// <summary>The runtime of containers.</summary>
    public const string InContainer = "container";

    /// <summary>The place: <c>process</c> or <c>container</c>.</summary>
    public required string Runtime { get; init; }

    /// <summary>The memory that each replica may use, in bytes; <see langword="null"/> for no limit.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>The folder it works in, as written; <see langword="null"/> for the flow's, or the image's.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Tells what holds for a container; <see langword="null"/> for a process.</summary>
    public ContainerConfig? Container { get; init; }
}
