using System.Text.Json.Nodes;
using FlowKit.Configuration.Diagnostics;

namespace FlowKit.Configuration.Yaml;

/// <summary>Turns a mapping into JSON with YAML's types, remembering where each key stands.</summary>
internal sealed class YamlJson(ConfigDiagnostics diagnostics)
{
    private readonly Dictionary<string, SourcePlace> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    /// <summary>The place of each value, nested ones by dotted path.</summary>
    public IReadOnlyDictionary<string, SourcePlace> Places => _places;

    /// <summary>
    /// The text of each value that a variable or a command line gave and that is not text as JSON, by dotted path: <c>7</c> for
    /// <c>007</c>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Texts => _texts;

    public JsonObject Convert(YamlMapping mapping, string path) => Convert(mapping, path, "");

    private JsonObject Convert(YamlMapping mapping, string path, string prefix)
    {
        var json = new JsonObject();
        foreach (var entry in mapping.Entries)
        {
            _places[prefix + entry.Key] = entry.Value.IsNull ? entry.KeyPlace : entry.Value.Place;
            json[entry.Key] = Convert(entry.Value, $"{path}.{entry.Key}", $"{prefix}{entry.Key}.");
        }

        return json;
    }

    private JsonNode? Convert(YamlNode node, string path, string prefix) => node switch
    {
        YamlMapping mapping => Convert(mapping, path, prefix),
        YamlSequence list => new JsonArray([.. list.Items.Select((item, index) => Convert(item, $"{path}[{index}]", $"{prefix}{index}."))]),
        YamlScalar scalar => Convert(scalar, path, prefix),
        _ => null,
    };

    private JsonValue? Convert(YamlScalar scalar, string path, string prefix)
    {
        var value = CoreSchema.Resolve(scalar);
        if (scalar.KeepsText && value is double and not (> double.NegativeInfinity and < double.PositiveInfinity))
        {
            value = scalar.Value;
        }

        if (scalar.KeepsText && value is not string)
        {
            _texts[prefix.TrimEnd('.')] = scalar.Value;
        }

        switch (value)
        {
            case bool boolean:
                return JsonValue.Create(boolean);
            case long whole:
                return JsonValue.Create(whole);
            case double number when double.IsFinite(number):
                return JsonValue.Create(number);
            case double:
                diagnostics.Add(scalar.Place, path, $"expected a finite number, not {scalar.Shown}");
                return null;
            case string text:
                return JsonValue.Create(text);
            default:
                return null;
        }
    }
}
