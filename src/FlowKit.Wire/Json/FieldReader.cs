using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowKit.Wire.Json;

/// <summary>Reads the values of a document's fields, each error naming the field.</summary>
internal static class FieldReader
{
    /// <summary>A text; a number or a truth value is taken as text, as Jina takes it.</summary>
    public static string Text(ref Utf8JsonReader reader, string owner, string name) => reader.TokenType switch
    {
        JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
        JsonTokenType.True => "True",
        JsonTokenType.False => "False",
        _ => String(ref reader, owner, name),
    };

    public static string String(ref Utf8JsonReader reader, string owner, string name)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw Expected(ref reader, owner, name, "text");
        }

        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new WireFormatException($"{owner}.{name}", "not valid UTF-8 text");
        }
    }

    public static byte[] Bytes(ref Utf8JsonReader reader, string owner, string name)
    {
        if (reader.TokenType is JsonTokenType.StartArray)
        {
            throw new WireFormatException(
                $"{owner}.{name}", "expected base64 text, not a list of numbers; the numbers of a picture go under 'tensor'");
        }

        return reader.TokenType == JsonTokenType.String && TryReadBase64(ref reader, out var bytes)
            ? bytes
            : throw new WireFormatException($"{owner}.{name}", "expected base64 text");
    }

    /// <summary>Reads base64, also in the alphabet for URLs and without the signs that fill it up.</summary>
    public static bool TryReadBase64(ref Utf8JsonReader reader, out byte[] bytes)
    {
        if (reader.TryGetBytesFromBase64(out var usual))
        {
            bytes = usual;
            return true;
        }

        return Base64Text.TryDecode(String(ref reader, "", "base64"), out bytes);
    }

    /// <summary>A whole number, also one that is written as text or with a fraction of zero, as Jina takes it.</summary>
    public static uint Count(ref Utf8JsonReader reader, string owner, string name) =>
        TryReadNumber(ref reader, out var value) && value is >= 0 and <= uint.MaxValue && value == Math.Floor(value)
            ? (uint)value
            : throw Expected(ref reader, owner, name, "a whole number of at least 0");

    /// <summary>A number, also one that is written as text, as Jina takes it.</summary>
    public static float Number(ref Utf8JsonReader reader, string owner, string name)
    {
        var value = TryReadNumber(ref reader, out var number) ? (float)number : throw Expected(ref reader, owner, name, "a number");
        return float.IsFinite(value)
            ? value
            : throw new WireFormatException($"{owner}.{name}", $"{Encoding.UTF8.GetString(reader.ValueSpan)} is too large for a float32");
    }

    private static bool TryReadNumber(ref Utf8JsonReader reader, out double value)
    {
        value = 0;
        return reader.TokenType switch
        {
            JsonTokenType.Number => reader.TryGetDouble(out value),
            JsonTokenType.String => double.TryParse(
                String(ref reader, "", ""), NumberStyles.Float, CultureInfo.InvariantCulture, out value),
            _ => false,
        };
    }

    public static JsonObject Object(ref Utf8JsonReader reader, string owner, string name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Expected(ref reader, owner, name, "an object");
        }

        return Node(ref reader, owner, name).AsObject();
    }

    /// <summary>The objects of a list; what else is in it says nothing that is lost.</summary>
    public static IEnumerable<JsonObject> Objects(ref Utf8JsonReader reader, string owner, string name) =>
        Node(ref reader, owner, name).AsArray().OfType<JsonObject>();

    public static void Scores(ref Utf8JsonReader reader, Dictionary<string, NamedScore> target, string owner, string name)
    {
        foreach (var (key, value) in Object(ref reader, owner, name))
        {
            if (value is JsonObject score)
            {
                target[key] = new NamedScore(
                    (float?)Value(score, "value") ?? 0,
                    (string?)Value(score, "op_name"),
                    (string?)Value(score, "description"),
                    (string?)Value(score, "ref_id"));
            }
        }
    }

    public static FlowError Error(ref Utf8JsonReader reader, string owner, string name) =>
        DocumentErrors.FromJson(Object(ref reader, owner, name));

    /// <summary>Any value.</summary>
    public static JsonNode Node(ref Utf8JsonReader reader, string owner, string name)
    {
        var result = JsonNode.Parse(ref reader)!;
        try
        {
            JsonKeys.Check(result);
        }
        catch (ArgumentException exception)
        {
            throw new WireFormatException($"{owner}.{name}", exception.Message);
        }

        return result;
    }

    private static JsonNode? Value(JsonObject values, string name) => values.TryGetPropertyValue(name, out var value) ? value : null;

    private static WireFormatException Expected(ref Utf8JsonReader reader, string owner, string name, string what) =>
        new($"{owner}.{name}", $"expected {what}, not {reader.TokenType}");
}
