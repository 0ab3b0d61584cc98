using System.Diagnostics.CodeAnalysis;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Schema;

/// <summary>Any mapping, read further by its own section.</summary>
internal sealed class MappingParser : ValueParser<YamlMapping>
{
    public override bool TryRead(YamlNode node, string path, ConfigDiagnostics diagnostics, [MaybeNullWhen(false)] out YamlMapping value)
    {
        value = node as YamlMapping;
        if (value is null && node is not YamlScalar { Form: ScalarForm.Unresolved })
        {
            diagnostics.Add(node.Place, path, $"expected a mapping, not {node.Shown}");
        }

        return value is not null;
    }
}
