using System.Diagnostics.CodeAnalysis;

namespace FlowKit.Configuration;

/// <summary>Any mapping, read further by its own section.</summary>
internal sealed class MappingKind : ValueKind<YamlMapping>
{
    public override bool TryRead(YamlNode node, string path, Problems problems, [MaybeNullWhen(false)] out YamlMapping value)
    {
        value = node as YamlMapping;
        if (value is null && node is not YamlScalar { Form: ScalarForm.Unresolved })
        {
            problems.Add(node.Place, path, $"expected a mapping, not {node.Shown}");
        }

        return value is not null;
    }
}
