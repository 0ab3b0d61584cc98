using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowKit.Components.Typed;

/// <summary>Converts the value of one field between a property and JSON.</summary>
internal static class FieldValue
{
    /// <summary>Makes JSON of a property's value.</summary>
    public static JsonNode? ToJson(object? value) => value switch
    {
        null => null,
        NdArray array => FieldJson.Of(array),
        ReadOnlyMemory<byte> bytes => FieldJson.Of(bytes),
        byte[] bytes => FieldJson.Of(bytes),
        JsonNode node => node.DeepClone(),
        BaseDoc document => new JsonObject { [FieldJson.Doc] = DocumentShape.Of(document.GetType()).ToFields(document) },
        IEnumerable<BaseDoc> documents => new JsonObject
        {
            [FieldJson.Docs] = new JsonArray(
                [.. documents.Select(document => (JsonNode)DocumentShape.Of(document.GetType()).ToFields(document))]),
        },
        _ => JsonSerializer.SerializeToNode(value, value.GetType(), Parameters.Json.For(value.GetType())),
    };

    /// <summary>Reads a property's value.</summary>
    /// <exception cref="FlowKitException">It is of another type.</exception>
    public static object? FromJson(JsonNode? node, DocumentProperty property, string place)
    {
        if (node is JsonObject { Count: 2 } typed && typed.ContainsKey(FieldJson.Type) && typed.TryGetPropertyValue("value", out var inner))
        {
            node = inner;
        }

        if (node is null)
        {
            return null;
        }

        try
        {
            return Convert(node, property, place) ?? throw new JsonException("null");
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or NotSupportedException or FormatException)
        {
            var message = $"{place}.{property.Name}: expected {NameOf(property.Type)}, not {Excerpt(node)}.";
            throw new FlowKitException(FlowErrorCode.InvalidArgument, message, exception);
        }
    }

    /// <summary>Makes a list of documents of the type that a property or a parameter has.</summary>
    public static object ToList(Type type, Type item, IEnumerable<BaseDoc> documents)
    {
        var list = (IList)Activator.CreateInstance(typeof(DocList<>).MakeGenericType(item))!;
        foreach (var document in documents)
        {
            list.Add(document);
        }

        if (!type.IsArray)
        {
            return list;
        }

        var array = Array.CreateInstance(item, list.Count);
        list.CopyTo(array, 0);
        return array;
    }

    private static object? Convert(JsonNode node, DocumentProperty property, string place)
    {
        var type = property.Type;
        if (property.Documents is { } item)
        {
            var shape = DocumentShape.Of(item);
            var here = $"{place}.{property.Name}";
            return item == type
                ? shape.FromFields(FieldsOf(node, FieldJson.Doc), here)
                : ToList(
                    type,
                    item,
                    DocsOf(node).Select((fields, at) => shape.FromFields(fields, FormattableString.Invariant($"{here}[{at}]"))));
        }

        if (type == typeof(NdArray))
        {
            return node is JsonObject array ? FieldJson.ToArray(array) : NdArrayJson.Of(node);
        }

        if (type == typeof(ReadOnlyMemory<byte>) || type == typeof(byte[]))
        {
            var bytes = node is JsonObject blob ? FieldJson.ToBytes(blob) : BytesOf(node);
            return bytes is null || type == typeof(byte[]) ? bytes : (ReadOnlyMemory<byte>)bytes;
        }

        return Read(node, type);
    }

    /// <summary>Protobuf has every number of a mapping as a double, and Jina takes numbers for texts.</summary>
    private static object? Read(JsonNode node, Type type) => node switch
    {
        _ when type.IsInstanceOfType(node) => node.DeepClone(),
        JsonValue value when type == typeof(string) && value.GetValueKind() == JsonValueKind.Number => value.ToJsonString(),
        JsonValue value when (type == typeof(int) || type == typeof(long)) && value.TryGetValue<double>(out var number)
            && number == Math.Floor(number) && Math.Abs(number) < 1L << 53 =>
            System.Convert.ChangeType(number, type, System.Globalization.CultureInfo.InvariantCulture),
        _ => node.Deserialize(type, Parameters.Json.For(type)),
    };

    private static JsonObject FieldsOf(JsonNode node, string name) =>
        node is JsonObject { Count: 1 } wrapped && wrapped[name] is JsonObject inner ? inner : node.AsObject();

    private static IEnumerable<JsonObject> DocsOf(JsonNode node)
    {
        var list = node is JsonObject { Count: 1 } wrapped && wrapped[FieldJson.Docs] is JsonArray inner ? inner : node.AsArray();
        return list.Select(item => FieldsOf(item ?? throw new JsonException("null"), FieldJson.Doc));
    }

    private static byte[]? BytesOf(JsonNode node) => Base64Text.TryDecode(node.GetValue<string>(), out var bytes) ? bytes : null;

    private static string NameOf(Type type) => type switch
    {
        _ when type == typeof(string) => "text",
        _ when type == typeof(int) || type == typeof(long) => "a whole number",
        _ when type == typeof(float) || type == typeof(double) || type == typeof(decimal) => "a number",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(NdArray) => "an array of numbers",
        _ when type == typeof(byte[]) || type == typeof(ReadOnlyMemory<byte>) => "bytes",
        _ => $"a {type.Name}",
    };

    private static string Excerpt(JsonNode node) =>
        node.ToJsonString() is { Length: > 80 } json ? $"{json.AsSpan(0, 80)}…" : node.ToJsonString();
}
