using System.Diagnostics.CodeAnalysis;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Executors;

/// <summary>
/// The way that shards are asked: a word, or a mapping of endpoints to words with <c>*</c> for the rest, which may be a JSON text as in
/// Jina.
/// </summary>
internal sealed class PollingParser : ValueParser<PollingConfig>
{
    private static readonly ChoiceParser Word = new("any", "all", "hash");

    public override bool TryRead(YamlNode node, string path, ConfigDiagnostics diagnostics, [MaybeNullWhen(false)] out PollingConfig value)
    {
        value = null;
        switch (node)
        {
            case YamlMapping mapping:
                return TryReadMapping(mapping, path, diagnostics, out value);
            case YamlScalar { Form: not ScalarForm.Unresolved } text when text.Value.TrimStart().StartsWith('{'):
                return TryReadJson(text, path, diagnostics, out value);
            case YamlScalar word:
                var valid = Word.TryRead(word, path, diagnostics, out var chosen);
                value = valid ? PollingConfig.Default with { Others = ModeOf(chosen!) } : null;
                return valid;
            default:
                diagnostics.Add(node.Place, path, $"expected any, all or hash, or a mapping of endpoints to them, not {node.Shown}");
                return false;
        }
    }

    private static bool TryReadMapping(YamlMapping mapping, string path, ConfigDiagnostics diagnostics, out PollingConfig value)
    {
        var modes = new Dictionary<string, PollingMode>(StringComparer.Ordinal);
        var valid = true;
        foreach (var entry in mapping.Entries)
        {
            var at = KeyTable.Join(path, entry.Key);
            if (entry.Key is not ("*" or ['/', ..]))
            {
                diagnostics.Add(entry.KeyPlace, at, "expected an endpoint that starts with '/', or * for the rest");
                valid = false;
            }
            else if (Word.TryRead(entry.Value, at, diagnostics, out var word))
            {
                modes[entry.Key] = ModeOf(word);
            }
            else
            {
                valid = false;
            }
        }

        value = new PollingConfig(modes, modes.Remove("*", out var others) ? others : null);
        return valid;
    }

    /// <summary>
    /// JSON is YAML, and so is what Jina's users write in its stead with single quotes. A mistake inside stands where the text does.
    /// </summary>
    private static bool TryReadJson(
        YamlScalar text, string path, ConfigDiagnostics diagnostics, [MaybeNullWhen(false)] out PollingConfig value)
    {
        value = null;
        var inside = new ConfigDiagnostics();
        try
        {
            var valid = YamlReader.Read(YamlSource.Check(text.Value, text.Place.File), text.Place.File, inside) is YamlMapping mapping
                && TryReadMapping(mapping, path, inside, out value);
            inside.ThrowIfAny();
            return valid;
        }
        catch (FlowConfigException exception) when (text.Form != ScalarForm.Substituted && exception.Errors[0].Key.Length > 0)
        {
            diagnostics.Add(text.Place, exception.Errors[0].Key, exception.Errors[0].Message);
        }
        catch (FlowConfigException)
        {
            diagnostics.Add(
                text.Place, path, $"expected any, all or hash, or JSON such as {{\"/search\": \"all\", \"*\": \"any\"}}, not {text.Shown}");
        }

        value = null;
        return false;
    }

    private static PollingMode ModeOf(string word) => word switch
    {
        "all" => PollingMode.All,
        "hash" => PollingMode.Hash,
        _ => PollingMode.Any,
    };
}
