using FlowKit.Configuration.Batching;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Executors;

/// <summary>Describes what an entry says about the executor it runs.</summary>
/// <param name="Uses">Its name.</param>
/// <param name="With">Its options.</param>
/// <param name="Requests">Endpoints bound anew.</param>
internal sealed record UsesValues(string Uses, YamlMapping With, IReadOnlyDictionary<string, string> Requests)
{
    /// <summary>The place where its name is written.</summary>
    public SourcePlace Place { get; init; }

    public IReadOnlyDictionary<string, BatchingConfig> DynamicBatching { get; init; } = new Dictionary<string, BatchingConfig>();

    public string? Name { get; init; }

    public string? Description { get; init; }

    public string? Workspace { get; init; }

    /// <summary>The place where the workspace is written.</summary>
    public SourcePlace WorkspacePlace { get; init; }
}
