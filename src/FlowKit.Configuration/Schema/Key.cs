using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Schema;

/// <summary>A key a mapping may have.</summary>
/// <param name="name">Its name.</param>
/// <param name="aliases">Other names it has or had.</param>
internal abstract class Key(string name, params string[] aliases)
{
    public string Name { get; } = name;

    /// <summary>The name and its aliases.</summary>
    public IReadOnlyList<string> Names { get; } = [name, .. aliases];

    /// <summary>Checks a value; <see langword="null"/> when it is wrong or means the default.</summary>
    public abstract object? Read(YamlNode node, string path, ConfigDiagnostics diagnostics);
}
