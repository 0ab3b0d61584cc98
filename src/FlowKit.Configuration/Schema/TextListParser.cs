using System.Diagnostics.CodeAnalysis;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Schema;

/// <summary>A text, or a list of texts; kept as nodes, for their places.</summary>
internal sealed class TextListParser : ValueParser<IReadOnlyList<YamlScalar>>
{
    public override bool AllowsNull => false;

    public override bool TryRead(
        YamlNode node, string path, ConfigDiagnostics diagnostics, [MaybeNullWhen(false)] out IReadOnlyList<YamlScalar> value)
    {
        var items = node is YamlSequence list ? list.Items : [node];
        var wrong = items.Where(item => item is not YamlScalar || item.IsNull).ToList();
        wrong.ForEach(item => diagnostics.Add(item.Place, path, $"expected a text, or a list of texts, not {item.Shown}"));
        if (items.Count == 0)
        {
            diagnostics.Add(node.Place, path, "expected at least one text, not an empty list");
        }

        value = [.. items.OfType<YamlScalar>().Where(item => item.Form != ScalarForm.Unresolved)];
        return wrong.Count == 0 && value.Count > 0;
    }
}
