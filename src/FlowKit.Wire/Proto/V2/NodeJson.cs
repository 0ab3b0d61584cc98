using System.Text.Json.Nodes;
using NodeMap = System.Collections.Generic.Dictionary<string, FlowKit.Wire.Proto.V2.Node>;

namespace FlowKit.Wire.Proto.V2;

/// <summary>
/// A value of DocArray v2 as JSON, without loss. What JSON cannot say is an object whose first name begins with <c>$</c>:
/// <c>{"$blob": base64}</c>, <c>{"$ndarray": base64, "shape": […], "dtype": "&lt;f4"}</c>, <c>{"$set": […]}</c>, <c>{"$tuple": […]}</c>,
/// <c>{"$doc": {…}}</c>, <c>{"$docs": [{…}]}</c>, and around a value with a type of its own <c>{"$type": "image_url", "value": …}</c>.
/// </summary>
internal static class NodeJson
{
    public const string Blob = "$blob";
    public const string Array = "$ndarray";
    public const string Set = "$set";
    public const string Tuple = "$tuple";
    public const string Doc = "$doc";
    public const string Docs = "$docs";
    public const string Type = "$type";

    public static JsonNode? Of(Node node)
    {
        var value = ValueOf(node);
        return node.Type is null ? value : new JsonObject { [Type] = node.Type, ["value"] = value };
    }

    /// <summary>The value without its type.</summary>
    public static JsonNode? ValueOf(Node node) => node.Value switch
    {
        string text => JsonValue.Create(text),
        int integer => JsonValue.Create(integer),
        double number => JsonValue.Create(number),
        bool flag => JsonValue.Create(flag),
        ReadOnlyMemory<byte> blob => new JsonObject { [Blob] = Convert.ToBase64String(blob.Span) },
        NdArray array => Of(array),
        NodeMap map => node.Kind == NodeKind.Doc ? new JsonObject { [Doc] = Of(map) } : Of(map),
        List<NodeMap> docs => new JsonObject { [Docs] = new JsonArray([.. docs.Select(Of)]) },
        List<Node> nodes => Of(node.Kind, new JsonArray([.. nodes.Select(Of)])),
        _ => null,
    };

    public static JsonObject Of(NodeMap map)
    {
        var result = new JsonObject();
        foreach (var (key, node) in map)
        {
            result[key] = Of(node);
        }

        return result;
    }

    /// <summary>Returns the blob or array of which <see cref="Of(Node)"/> made an object.</summary>
    /// <returns>Null when it is an object like any other.</returns>
    public static Node? ToNode(JsonObject value)
    {
        if (value.Count == 1 && ToBytes(value[Blob]) is { } blob)
        {
            return new Node(NodeKind.Blob, (ReadOnlyMemory<byte>)blob, null);
        }

        return ToBytes(value[Array]) is { } bytes && value["shape"] is JsonArray shape && value["dtype"] is JsonValue dtype
            && dtype.TryGetValue<string>(out var name) && NdTypes.TryParse(name, out var type) && ToArray(type, shape, bytes) is { } array
            ? new Node(NodeKind.Array, value["parameters"] is JsonObject parameters ? array.From(null, parameters) : array, null)
            : null;
    }

    /// <summary>Zeros stay zeros that take no memory.</summary>
    private static JsonObject Of(NdArray array)
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

    private static NdArray? ToArray(NdType type, JsonArray dimensions, byte[] bytes)
    {
        var shape = new int[dimensions.Count];
        for (var i = 0; i < shape.Length; i++)
        {
            if (dimensions[i] is not JsonValue dimension || !new JsonScalar(dimension).TryToInt32(out shape[i]))
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

    private static byte[]? ToBytes(JsonNode? base64)
    {
        if (base64 is not JsonValue value || !value.TryGetValue<string>(out var text))
        {
            return null;
        }

        var bytes = new byte[text.Length / 4 * 3];
        return Convert.TryFromBase64String(text, bytes, out var count) ? bytes[..count] : null;
    }

    private static JsonNode Of(NodeKind kind, JsonArray nodes) => kind switch
    {
        NodeKind.Set => new JsonObject { [Set] = nodes },
        NodeKind.Tuple => new JsonObject { [Tuple] = nodes },
        _ => nodes,
    };
}
