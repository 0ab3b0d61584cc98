using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Schema.Unused;

/// <summary>A key of Jina's that will not come, with the reason.</summary>
/// <param name="name">Its name.</param>
/// <param name="reason">Why, and what to do instead.</param>
internal sealed class RefusedKey(string name, string reason) : Key(name)
{
    public override object? Read(YamlNode node, string path, ConfigDiagnostics diagnostics)
    {
        if (!AnyParser.IsEmpty(node))
        {
            diagnostics.Add(node.Place, path, reason);
        }

        return null;
    }
}
