using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowKit.Wire.Proto.V2;

/// <summary>
/// Writes JSON values, and the objects that <see cref="NodeJson"/> makes of what JSON cannot say, as the fields of a NodeProto.
/// </summary>
internal static class NodeWriter
{
    /// <summary>Writes a map's entries.</summary>
    public static void WriteMap(ref ProtoWriter writer, JsonObject values)
    {
        foreach (var (key, value) in values)
        {
            var entry = MapEntry.Begin(ref writer, key);
            WriteValue(ref writer, value);
            entry.End(ref writer, null);
        }
    }

    public static void WriteValue(ref ProtoWriter writer, JsonNode? value)
    {
        switch (value)
        {
            case null:
                break;
            case JsonObject { Count: 2 } typed when typed[NodeJson.Type] is JsonValue type
                && type.TryGetValue<string>(out var name)
                && typed.ContainsKey("value"):
                WriteValue(ref writer, typed["value"]);
                writer.PresentString(13, name);
                break;
            case JsonObject map:
                WriteObject(ref writer, map);
                break;
            case JsonArray list:
                WriteNodes(ref writer, NodeKind.List, list);
                break;
            default:
                WriteScalar(ref writer, new JsonScalar(value.AsValue()));
                break;
        }
    }

    public static void WriteArray(ref ProtoWriter writer, NdArray array)
    {
        var nested = writer.Begin((int)NodeKind.Array);
        DenseArrayCodec.Write(ref writer, 1, "dense", array);
        if (array.FrameworkParameters is { } parameters)
        {
            StructCodec.Write(ref writer, 2, "parameters", parameters);
        }

        writer.End(nested);
    }

    private static void WriteObject(ref ProtoWriter writer, JsonObject map)
    {
        if (map.Count == 1 && WriteWrapped(ref writer, map))
        {
            return;
        }

        switch (NodeJson.ToNode(map)?.Value)
        {
            case ReadOnlyMemory<byte> blob:
                writer.PresentBytes((int)NodeKind.Blob, blob.Span);
                break;
            case NdArray array:
                WriteArray(ref writer, array);
                break;
            default:
                WriteFields(ref writer, NodeKind.Dict, map);
                break;
        }
    }

    /// <summary>Writes what is wrapped in an object of one name.</summary>
    /// <returns>Whether it was that.</returns>
    private static bool WriteWrapped(ref ProtoWriter writer, JsonObject map)
    {
        switch (map.GetAt(0))
        {
            case { Key: NodeJson.Set, Value: JsonArray items }:
                WriteNodes(ref writer, NodeKind.Set, items);
                return true;
            case { Key: NodeJson.Tuple, Value: JsonArray items }:
                WriteNodes(ref writer, NodeKind.Tuple, items);
                return true;
            case { Key: NodeJson.Doc, Value: JsonObject fields }:
                WriteFields(ref writer, NodeKind.Doc, fields);
                return true;
            case { Key: NodeJson.Docs, Value: JsonArray docs } when docs.All(doc => doc is JsonObject):
                WriteDocs(ref writer, docs);
                return true;
            default:
                return false;
        }
    }

    private static void WriteFields(ref ProtoWriter writer, NodeKind kind, JsonObject fields)
    {
        var nested = writer.Begin((int)kind);
        WriteMap(ref writer, fields);
        writer.End(nested);
    }

    private static void WriteDocs(ref ProtoWriter writer, JsonArray docs)
    {
        var nested = writer.Begin((int)NodeKind.DocList);
        foreach (var doc in docs)
        {
            var inner = writer.Begin(1);
            WriteMap(ref writer, (JsonObject)doc!);
            writer.End(inner);
        }

        writer.End(nested);
    }

    private static void WriteNodes(ref ProtoWriter writer, NodeKind kind, JsonArray items)
    {
        var nested = writer.Begin((int)kind);
        for (var i = 0; i < items.Count; i++)
        {
            var item = writer.Begin(1, null, i);
            WriteValue(ref writer, items[i]);
            writer.End(item);
        }

        writer.End(nested);
    }

    private static void WriteScalar(ref ProtoWriter writer, JsonScalar scalar)
    {
        switch (scalar.Kind)
        {
            case JsonValueKind.Number when scalar.TryToInt32(out var whole):
                writer.PresentVarint((int)NodeKind.Integer, (ulong)(long)whole);
                break;
            case JsonValueKind.Number:
                writer.PresentDouble((int)NodeKind.Float, scalar.ToDouble());
                break;
            case JsonValueKind.True or JsonValueKind.False:
                writer.PresentVarint((int)NodeKind.Boolean, scalar.Kind == JsonValueKind.True ? 1UL : 0);
                break;
            default:
                writer.PresentString((int)NodeKind.Text, scalar.ToText());
                break;
        }
    }
}
