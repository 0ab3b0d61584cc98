using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Flow;

/// <summary>A YAML file that an entry names, with its variables in place.</summary>
/// <param name="Root">What it says.</param>
/// <param name="File">Which it is.</param>
internal sealed record OpenedFile(YamlMapping Root, ConfigFile File)
{
    private readonly string? _type = (Root.Find("jtype")?.Value as YamlScalar)?.Value;

    /// <summary>Tells whether it is one entry of <c>executors:</c> in a file of its own.</summary>
    public bool IsDeployment => _type == "Deployment";

    /// <summary>Tells whether it is a flow; Jina 2's need not say so.</summary>
    public bool IsFlow => _type == "Flow" || (_type is null && FlowKeys.Executors.Names.Any(name => Root.Find(name) is not null));
}
