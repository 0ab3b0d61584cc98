using System.Globalization;
using System.Text.Json.Nodes;

namespace FlowKit;

/// <summary>
/// Bytes and arrays as JSON, where documents of DocArray v2 have them in fields of their own: <c>{"$blob": base64}</c> and
/// <c>{"$ndarray": base64, "shape": […], "dtype": "&lt;f4"}</c>; nested documents are <c>{"$doc": {…}}</c> and <c>{"$docs": [{…}]}</c>.
/// </summary>
internal static class FieldJson
{
    public const string Blob = "$blob";
    public const string Array = "$ndarray";
    public const string Doc = "$doc";
    public const string Docs = "$docs";
    public const string Type = "$type";

    /// <summary>The name in a document's metadata of the fields that are kept among its tags: name → Python type or null.</summary>
    public const string Kept = "__fields__";

    /// <summary>Makes JSON of bytes.</summary>
    public static JsonObject Of(ReadOnlyMemory<byte> bytes) => new() { [Blob] = Convert.ToBase64String(bytes.Span) };

    /// <summary>Makes JSON of an array. Zeros stay zeros that take no memory.</summary>
    public static JsonObject Of(NdArray array)
    {
        var value = new JsonObject
        {
            [Array] = array.IsZeros ? "" : Convert.ToBase64String(array.Bytes.Span),
            ["shape"] = new JsonArray([.. array.Shape.ToArray().Select(dimension => (JsonNode)dimension)]),
            ["dtype"] = NdTypes.NumPyOf(array.Type),
        };
        if (array.FrameworkParameters is { } parameters)
        {
            value["parameters"] = parameters.DeepClone();
        }

        return value;
    }

    /// <summary>Returns the bytes; <see langword="null"/> when it is an object like any other.</summary>
    public static byte[]? ToBytes(JsonObject value) => value.Count == 1 ? FromBase64(value[Blob]) : null;

    /// <summary>Returns the array; <see langword="null"/> when it is an object like any other.</summary>
    public static NdArray? ToArray(JsonObject value)
    {
        var array = FromBase64(value[Array]) is { } bytes && value["shape"] is JsonArray shape && value["dtype"] is JsonValue dtype
            && dtype.TryGetValue<string>(out var name) && NdTypes.TryParse(name, out var type)
                ? ToArray(type, shape, bytes)
                : null;
        return value["parameters"] is JsonObject parameters ? array?.From(null, parameters) : array;
    }

    private static NdArray? ToArray(NdType type, JsonArray dimensions, byte[] bytes)
    {
        var shape = new int[dimensions.Count];
        for (var i = 0; i < shape.Length; i++)
        {
            if (dimensions[i] is not JsonValue dimension || !TryToInt32(dimension, out shape[i]))
            {
                return null;
            }
        }

        try
        {
            return bytes.Length == 0 ? NdArray.Zeros(type, shape) : new NdArray(type, shape, bytes);
        }
        catch (FlowKitException)
        {
            return null;
        }
    }

    private static bool TryToInt32(JsonValue value, out int whole) =>
        int.TryParse(value.ToJsonString(), NumberStyles.None, CultureInfo.InvariantCulture, out whole);

    private static byte[]? FromBase64(JsonNode? base64)
    {
        if (base64 is not JsonValue value || !value.TryGetValue<string>(out var text))
        {
            return null;
        }

        var bytes = new byte[text.Length / 4 * 3];
        return Convert.TryFromBase64String(text, bytes, out var count) ? bytes[..count] : null;
    }
}
