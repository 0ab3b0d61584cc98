using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Schema.Unused;

/// <summary>A switch of Jina's that changes nothing here, which a warning says where it is on.</summary>
/// <param name="name">Its name.</param>
/// <param name="reason">Why it is ignored.</param>
internal sealed class IgnoredFlag(string name, string reason) : Key(name)
{
    private static readonly FlagParser s_parser = new();

    public override object? Read(YamlNode node, string path, ConfigDiagnostics diagnostics)
    {
        if (!node.IsNull && s_parser.TryRead(node, path, diagnostics, out var isOn) && isOn)
        {
            diagnostics.Warn(node.Place, path, $"ignored: {reason}");
        }

        return null;
    }
}
