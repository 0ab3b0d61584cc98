using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Conditions;

/// <summary>A query over documents, as <c>when:</c> holds it.</summary>
internal sealed partial class ConditionParser : ValueParser<DocumentCondition>
{
    private static readonly MappingParser Mapping = new();

    public override bool TryRead(
        YamlNode node, string path, ConfigDiagnostics diagnostics, [MaybeNullWhen(false)] out DocumentCondition value)
    {
        value = null;
        if (!Mapping.TryRead(node, path, diagnostics, out var mapping) || mapping.Holds(ScalarForm.Unresolved))
        {
            return false;
        }

        var json = new YamlJson(diagnostics);
        var query = json.Convert(ConditionTexts.Keep(mapping), path);
        try
        {
            value = DocumentCondition.Parse(query);
            return true;
        }
        catch (FlowKitException exception)
        {
            var (place, key) = Locate(exception.Message, json.Places) ?? (mapping.Place, "");
            diagnostics.Add(place, path, mapping.Holds(ScalarForm.Substituted)
                ? $"{(key.Length == 0 ? "the query" : YamlScalar.Shorten(key))}: not valid with the variables that are in it"
                : exception.Message.TrimEnd('.'));
            return false;
        }
    }

    /// <summary>The message starts with the place inside the query: the deepest key that is a part of it.</summary>
    private static (SourcePlace Place, string Key)? Locate(string message, IReadOnlyDictionary<string, SourcePlace> places)
    {
        var dotted = Index().Replace(message, ".$1");
        var key = places.Keys
            .Where(
                key => dotted.Length > key.Length && dotted.StartsWith(key, StringComparison.Ordinal) && dotted[key.Length] is ':' or '.')
            .MaxBy(key => key.Length);
        return key is null ? null : (places[key], key);
    }

    [GeneratedRegex(@"\[([0-9]{1,6})\]")]
    private static partial Regex Index();
}
