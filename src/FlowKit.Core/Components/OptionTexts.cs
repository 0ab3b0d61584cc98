using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace FlowKit.Components;

/// <summary>
/// Puts back the texts of options that a variable or a command line gave, where the option is a text: <c>007</c> was read as the number 7,
/// which another option may want.
/// </summary>
/// <param name="texts">The texts by dotted path.</param>
/// <param name="json">How the options are read.</param>
internal sealed class OptionTexts(IReadOnlyDictionary<string, string> texts, JsonSerializerOptions json)
{
    /// <summary>Returns a value with the texts that its type wants.</summary>
    public JsonNode? Fit(JsonNode? value, Type type, string path)
    {
        if (texts.Count == 0)
        {
            return value;
        }

        return value switch
        {
            JsonObject map => FitMap(map, json.GetTypeInfo(type), path),
            JsonArray list when ElementOf(type) is { } element => new JsonArray(
                [.. list.Select((item, index) => Own(Fit(item, element, string.Create(CultureInfo.InvariantCulture, $"{path}.{index}"))))]),
            _ => texts.TryGetValue(path, out var text) && WantsText(Nullable.GetUnderlyingType(type) ?? type)
                ? JsonValue.Create(text)
                : value,
        };
    }

    private JsonObject FitMap(JsonObject map, JsonTypeInfo info, string path)
    {
        var fitted = new JsonObject();
        foreach (var (key, value) in map)
        {
            var type = info.Kind == JsonTypeInfoKind.Dictionary
                ? info.ElementType
                : info.Properties.FirstOrDefault(property => property.Name == key)?.PropertyType;
            fitted[key] = Own(type is null ? value : Fit(value, type, $"{path}.{key}"));
        }

        return fitted;
    }

    private Type? ElementOf(Type type) => json.GetTypeInfo(type).ElementType;

    /// <summary>A node has one parent; the configuration keeps its own.</summary>
    private static JsonNode? Own(JsonNode? node) => node?.Parent is null ? node : node.DeepClone();

    private static bool WantsText(Type type) =>
        type.IsEnum
            || type == typeof(string)
            || type == typeof(char)
            || type == typeof(Uri)
            || type == typeof(Guid)
            || type == typeof(Version)
            || type == typeof(byte[])
            || type == typeof(TimeSpan)
            || type == typeof(DateTime)
            || type == typeof(DateTimeOffset)
            || type == typeof(DateOnly)
            || type == typeof(TimeOnly);
}
