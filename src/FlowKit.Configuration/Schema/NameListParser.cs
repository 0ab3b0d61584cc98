using System.Diagnostics.CodeAnalysis;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Schema;

/// <summary>A text, or a list of texts, which may be empty.</summary>
internal sealed class NameListParser : ValueParser<IReadOnlyList<string>>
{
    private readonly TextListParser _parser = new();

    public override bool TryRead(
        YamlNode node, string path, ConfigDiagnostics diagnostics, [MaybeNullWhen(false)] out IReadOnlyList<string> value)
    {
        value = [];
        if (AnyParser.IsEmpty(node))
        {
            return true;
        }

        var valid = _parser.TryRead(node, path, diagnostics, out var texts);
        value = [.. (texts ?? []).Select(text => text.Value)];
        return valid;
    }
}
