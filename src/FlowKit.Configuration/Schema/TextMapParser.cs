using System.Diagnostics.CodeAnalysis;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Schema;

/// <summary>A mapping of texts; numbers and booleans are taken as they are written.</summary>
internal sealed class TextMapParser : ValueParser<IReadOnlyDictionary<string, string>>
{
    public override bool TryRead(
        YamlNode node, string path, ConfigDiagnostics diagnostics, [MaybeNullWhen(false)] out IReadOnlyDictionary<string, string> value)
    {
        value = null;
        if (node is not YamlMapping mapping)
        {
            diagnostics.Add(node.Place, path, $"expected a mapping of texts, not {node.Shown}");
            return false;
        }

        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in mapping.Entries)
        {
            if (entry.Value is not YamlScalar scalar)
            {
                diagnostics.Add(entry.Value.Place, KeyTable.Join(path, entry.Key), $"expected a text, not {entry.Value.Shown}");
            }
            else if (scalar.Form != ScalarForm.Unresolved)
            {
                texts[entry.Key] = scalar is { IsNull: true, Form: ScalarForm.Plain } ? "" : scalar.Value;
            }
        }

        value = texts;
        return true;
    }
}
