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
    public const string Blob = FieldJson.Blob;
    public const string Array = FieldJson.Array;
    public const string Set = "$set";
    public const string Tuple = "$tuple";
    public const string Doc = FieldJson.Doc;
    public const string Docs = FieldJson.Docs;
    public const string Type = FieldJson.Type;

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
        ReadOnlyMemory<byte> blob => FieldJson.Of(blob),
        NdArray array => FieldJson.Of(array),
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
        if (FieldJson.ToBytes(value) is { } blob)
        {
            return new Node(NodeKind.Blob, (ReadOnlyMemory<byte>)blob, null);
        }

        return FieldJson.ToArray(value) is { } array ? new Node(NodeKind.Array, array, null) : null;
    }

    private static JsonNode Of(NodeKind kind, JsonArray nodes) => kind switch
    {
        NodeKind.Set => new JsonObject { [Set] = nodes },
        NodeKind.Tuple => new JsonObject { [Tuple] = nodes },
        _ => nodes,
    };
}
