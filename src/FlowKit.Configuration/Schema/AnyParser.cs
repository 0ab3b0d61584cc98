using System.Diagnostics.CodeAnalysis;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Schema;

/// <summary>Anything; what it may be is checked where it is used.</summary>
/// <param name="allowsNull">Whether nothing written means the default.</param>
internal sealed class AnyParser(bool allowsNull = true) : ValueParser<YamlNode>
{
    public override bool AllowsNull => allowsNull;

    public static bool IsEmpty(YamlNode node) => node is YamlSequence { Items.Count: 0 } or YamlMapping { Entries.Count: 0 } || node.IsNull;

    public override bool TryRead(YamlNode node, string path, ConfigDiagnostics diagnostics, [MaybeNullWhen(false)] out YamlNode value)
    {
        value = node;
        return true;
    }
}
