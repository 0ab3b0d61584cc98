using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Gateway;
using FlowKit.Configuration.OnStart;

namespace FlowKit.Configuration.Flow;

/// <summary>A flow as its author wrote it, checked. It never changes; a changed file makes another one.</summary>
public sealed record FlowConfig
{
    /// <summary>The flow's name; <see langword="null"/> when it has none.</summary>
    public string? Name { get; init; }

    /// <summary>The version of the YAML form: <c>1</c>; <see langword="null"/> for the forms of Jina 2 that have none.</summary>
    public string? Version { get; init; }

    /// <summary>The folder under which executors keep their files, as written; <see langword="null"/> for the host's choice.</summary>
    public string? Workspace { get; init; }

    /// <summary>Environment variables of every executor.</summary>
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>The way that the flow is reached.</summary>
    public required GatewayConfig Gateway { get; init; }

    /// <summary>The executors in the order they are written; none for a flow that gives documents back as they came.</summary>
    public required IReadOnlyList<ExecutorConfig> Executors { get; init; }

    /// <summary>Tells what becomes of executors that inspect. Default <see cref="InspectMode.Collect"/>.</summary>
    public InspectMode Inspect { get; init; }

    /// <summary>Tells whether the flow follows changes of its file. Default false.</summary>
    public bool Reload { get; init; }

    /// <summary>The files that are posted before the flow serves.</summary>
    public IReadOnlyList<OnStartConfig> OnStart { get; init; } = [];

    /// <summary>The file, as the caller named it.</summary>
    public required string Path { get; init; }

    /// <summary>The absolute folder from which relative paths start.</summary>
    public required string BaseDirectory { get; init; }

    /// <summary>The absolute paths of every YAML file that was read, its own first; those of a text are only the files it names.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>The warnings: what is written and changes nothing, with its place.</summary>
    public IReadOnlyList<ConfigError> Warnings { get; init; } = [];
}
