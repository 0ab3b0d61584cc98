using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FlowKit.Configuration.Conditions;

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

    private static FlowKitException Expected(string what, JsonNode? node, string place) =>
        QueryError.At(place, $"expected {what}, found {Describe(node)}.");

    [GeneratedRegex(@"^\{\s*([a-zA-Z0-9_\-]+)\s*\}\z", RegexOptions.CultureInvariant)]
    private static partial Regex OtherField();
}
