using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Schema.Unused;

/// <summary>A key of Jina's that changes nothing here, which a warning says.</summary>
/// <param name="name">Its name.</param>
/// <param name="reason">Why it is ignored.</param>
internal sealed class IgnoredKey(string name, string reason) : Key(name)
{
    public override object? Read(YamlNode node, string path, ConfigDiagnostics diagnostics)
    {
        if (!AnyParser.IsEmpty(node))
        {
            diagnostics.Warn(node.Place, path, $"ignored: {reason}");
        }

        return null;
    }
}
