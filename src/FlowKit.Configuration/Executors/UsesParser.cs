using System.Diagnostics.CodeAnalysis;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Executors;

/// <summary>
/// An executor that runs beside another: a name, a class, or a C# file. It keeps its place, from which a relative path starts.
/// </summary>
internal sealed class UsesParser : ValueParser<YamlScalar>
{
    public override bool TryRead(YamlNode node, string path, ConfigDiagnostics diagnostics, [MaybeNullWhen(false)] out YamlScalar value)
    {
        value = node as YamlScalar;
        var message = value switch
        {
            null => $"expected {UsesForm.Expected}, not {node.Shown}",
            { Form: ScalarForm.Unresolved } => null,
            _ => UsesForm.Explain(value),
        };
        if (message is not null)
        {
            diagnostics.Add(node.Place, path, message);
        }

        return message is null && value is { Form: not ScalarForm.Unresolved };
    }
}
