using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using FlowKit.Routing;

namespace FlowKit.Configuration;

/// <summary>A query over documents, as <c>when:</c> holds it.</summary>
internal sealed partial class ConditionKind : ValueKind<DocumentCondition>
{
    private static readonly MappingKind Mapping = new();

    public override bool TryRead(YamlNode node, string path, Problems problems, [MaybeNullWhen(false)] out DocumentCondition value)
    {
        value = null;
        if (!Mapping.TryRead(node, path, problems, out var mapping) || mapping.Holds(ScalarForm.Unresolved))
        {
            return false;
        }

        var json = new YamlJson(problems);
        var query = json.Convert(mapping, path);
        try
        {
            value = DocumentCondition.Parse(query);
            return true;
        }
        catch (FlowKitException exception)
        {
            var (place, key) = Locate(exception.Message, json.Places) ?? (mapping.Place, "");
            problems.Add(place, path, mapping.Holds(ScalarForm.Substituted)
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
            .Where(key => dotted.Length > key.Length && dotted.StartsWith(key, StringComparison.Ordinal) && dotted[key.Length] is ':' or '.')
            .MaxBy(key => key.Length);
        return key is null ? null : (places[key], key);
    }

    [GeneratedRegex(@"\[([0-9]{1,6})\]")]
    private static partial Regex Index();
}
