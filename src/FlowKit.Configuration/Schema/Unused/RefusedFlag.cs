using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Schema.Unused;

/// <summary>A switch of Jina's that cannot be switched on here.</summary>
/// <param name="name">Its name.</param>
/// <param name="reason">Why, and what to do instead.</param>
internal sealed class RefusedFlag(string name, string reason) : Key(name)
{
    private static readonly FlagParser s_parser = new();

    public override object? Read(YamlNode node, string path, ConfigDiagnostics diagnostics)
    {
        if (!node.IsNull && s_parser.TryRead(node, path, diagnostics, out var isOn) && isOn)
        {
            diagnostics.Add(node.Place, path, reason);
        }

        return null;
    }
}
