using System.Diagnostics.CodeAnalysis;

namespace FlowKit.Configuration;

/// <summary>What runs beside an executor: a name, a class, or a C# file. It keeps its place, from which a relative path starts.</summary>
internal sealed class UsesKind : ValueKind<YamlScalar>
{
    public override bool TryRead(YamlNode node, string path, Problems problems, [MaybeNullWhen(false)] out YamlScalar value)
    {
        value = node as YamlScalar;
        var message = value is null ? $"expected {UsesForm.Expected}, not {node.Shown}"
            : value.Form == ScalarForm.Unresolved ? null
            : UsesForm.Explain(value);
        if (message is not null)
        {
            problems.Add(node.Place, path, message);
        }

        return message is null && value is { Form: not ScalarForm.Unresolved };
    }
}
