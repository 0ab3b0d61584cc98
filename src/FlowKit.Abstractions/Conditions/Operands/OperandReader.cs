using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FlowKit;

/// <summary>Reads what stands behind an operator.</summary>
internal static partial class OperandReader
{
    /// <summary>A value, or another field named in braces.</summary>
    public static Operand Read(OperandForm form, JsonNode? node, string place)
    {
        if (node is JsonValue && node.GetValueKind() == JsonValueKind.String && node.GetValue<string>() is var text && text.StartsWith('{'))
        {
            return ReadOtherField(text, place);
        }

        if (form is OperandForm.Scalar or OperandForm.Any && node is JsonObject { Count: 1 } only && only["$date"] is { } date)
        {
            return ReadMoment(date, place);
        }

        var value = FieldValue.Of(node);
        return form switch
        {
            OperandForm.List when node is JsonArray array => new Operand(FieldValue.Of([.. array.Select(FieldValue.Of)])),
            OperandForm.List => throw Expected("a list", node, place),
            OperandForm.Text when value.Kind != FieldKind.Text => throw Expected("a text", node, place),
            OperandForm.Scalar when value.Kind is FieldKind.None or FieldKind.Json => throw Expected("a number or a text", node, place),
            OperandForm.Size when value.Kind != FieldKind.Number || value.AsNumber < 0 || value.AsNumber != Math.Floor(value.AsNumber) =>
                throw Expected("a whole number from 0", node, place),
            _ => new Operand(value),
        };
    }

    /// <summary>A circle on the earth: <c>{"center": {"lat": 59.9, "lon": 10.7}, "radius": 1000}</c>, the radius in metres.</summary>
    public static (GeoPoint Center, double Radius) ReadCircle(JsonNode? node, string place) =>
        node is JsonObject circle && GeoPoint.Of(circle["center"]) is { } center
            && FieldValue.Of(circle["radius"]) is { Kind: FieldKind.Number, AsNumber: >= 0 and var radius }
            ? (center, radius)
            : throw QueryError.At(
                place,
                "expected {\"center\": {\"lat\": 59.9, \"lon\": 10.7}, \"radius\": 1000}, the radius in metres, "
                + $"found {Describe(node)}.");

    /// <summary>True or false.</summary>
    public static bool ReadFlag(JsonNode? node, string place) =>
        FieldValue.Of(node) is { Kind: FieldKind.Flag } flag ? flag.AsNumber == 1 : throw Expected("true or false", node, place);

    /// <summary>A regular expression.</summary>
    public static Regex ReadPattern(JsonNode? node, string place) =>
        QueryPattern.Parse(FieldValue.Of(node).AsText ?? throw Expected("a regular expression", node, place), place);

    /// <summary>Tells what a value is, for an error.</summary>
    public static string Describe(JsonNode? node) => node switch
    {
        null => "nothing",
        JsonObject { Count: 0 } => "an empty object",
        JsonArray { Count: 0 } => "an empty list",
        JsonObject => "an object",
        JsonArray => "a list",
        _ => node.ToJsonString(),
    };

    private static Operand ReadOtherField(string text, string place) =>
        OtherField().Match(text) is { Success: true } match
            ? new Operand(FieldPath.Parse(match.Groups[1].Value, place))
            : throw QueryError.At(place, $"'{text}' starts like another field's value; expected one field in braces, such as "
                + $"{{modality}} or {{tags__size}}. A text with braces can be asked for with $regex.");

    private static Operand ReadMoment(JsonNode date, string place) =>
        FieldValue.Of(date).AsText is { } text && Moment.TryParse(text, out var moment)
            ? new Operand(FieldValue.Of(moment))
            : throw Expected("a date such as \"2026-01-31\" or \"2026-01-31T12:00:00Z\"", date, $"{place}.$date");

    private static FlowKitException Expected(string what, JsonNode? node, string place) =>
        QueryError.At(place, $"expected {what}, found {Describe(node)}.");

    [GeneratedRegex(@"^\{\s*([a-zA-Z0-9_\-]+)\s*\}\z", RegexOptions.CultureInvariant)]
    private static partial Regex OtherField();
}
