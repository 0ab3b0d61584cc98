using NodeMap = System.Collections.Generic.Dictionary<string, FlowKit.Wire.Proto.V2.Node>;

namespace FlowKit.Wire.Proto.V2;

/// <summary>Reads DocArray v2's DocProto and what lies in it.</summary>
internal static class NodeReader
{
    private static readonly string[] s_names =
    [
        "", "text", "integer", "float", "boolean", "blob", "ndarray", "doc", "doc_array", "list", "set", "tuple", "dict",
    ];

    /// <summary>Reads the fields of a DocProto or DictOfAnyProto; of a name said twice the later counts.</summary>
    /// <param name="reader">Is in it.</param>
    /// <param name="leastBytes">See <see cref="ProtoReader.CountPart"/>.</param>
    public static NodeMap ReadMap(ref ProtoReader reader, int leastBytes)
    {
        reader.CountPart(leastBytes);
        var map = new NodeMap();
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                ReadEntry(ref reader, map);
            }
            else
            {
                reader.Skip();
            }
        }

        return map;
    }

    /// <summary>Reads the fields of a DocProto that stands among documents.</summary>
    public static NodeMap ReadDocument(ref ProtoReader reader)
    {
        var outer = reader.BeginDocument();
        var map = ReadMap(ref reader, ProtoReader.MinDocumentBytes);
        reader.EndDocument(outer);
        return map;
    }

    private static void ReadEntry(ref ProtoReader reader, NodeMap map)
    {
        var (key, node) = ("", Node.None);
        var outer = reader.Enter(null);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    key = reader.String("key");
                    break;
                case 2:
                    node = ReadNode(ref reader, key, -1);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        reader.Leave(outer);
        map[key] = node;
    }

    private static Node ReadNode(ref ProtoReader reader, string? name, int index)
    {
        var (kind, value, type) = (NodeKind.None, (object?)null, (string?)null);
        var outer = reader.Enter(name, index);
        while (reader.Next())
        {
            if (reader.Field is >= (int)NodeKind.Text and <= (int)NodeKind.Dict)
            {
                kind = (NodeKind)reader.Field;
                value = ReadValue(ref reader, kind);
            }
            else if (reader.Field == 13)
            {
                type = reader.String("type");
            }
            else
            {
                reader.Skip();
            }
        }

        reader.Leave(outer);
        return value is null && type is null ? Node.None : new Node(kind, value, type);
    }

    private static object ReadValue(ref ProtoReader reader, NodeKind kind)
    {
        var name = s_names[(int)kind];
        return kind switch
        {
            NodeKind.Text => reader.String(name),
            NodeKind.Integer => reader.Int32(name),
            NodeKind.Float => reader.Double(name),
            NodeKind.Boolean => reader.Bool(name),
            NodeKind.Blob => reader.Bytes(name),
            NodeKind.Array => ReadArray(ref reader),
            _ => ReadNested(ref reader, kind, name),
        };
    }

    private static object ReadNested(ref ProtoReader reader, NodeKind kind, string name)
    {
        var outer = reader.Enter(kind == NodeKind.Doc || kind == NodeKind.Dict ? null : name);
        object value = kind switch
        {
            NodeKind.Doc or NodeKind.Dict => ReadMap(ref reader, ProtoReader.MinMapBytes),
            NodeKind.DocList => ReadDocs(ref reader),
            _ => ReadNodes(ref reader),
        };
        reader.Leave(outer);
        return value;
    }

    private static List<NodeMap> ReadDocs(ref ProtoReader reader)
    {
        var docs = new List<NodeMap>();
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                var outer = reader.Enter(null, docs.Count);
                docs.Add(ReadDocument(ref reader));
                reader.Leave(outer);
            }
            else
            {
                reader.Skip();
            }
        }

        return docs;
    }

    private static List<Node> ReadNodes(ref ProtoReader reader)
    {
        reader.CountPart(ProtoReader.MinMapBytes);
        var nodes = new List<Node>();
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                nodes.Add(ReadNode(ref reader, null, nodes.Count));
            }
            else
            {
                reader.Skip();
            }
        }

        return nodes;
    }

    private static NdArray ReadArray(ref ProtoReader reader)
    {
        NdArray? array = null;
        System.Text.Json.Nodes.JsonObject? parameters = null;
        var outer = reader.Enter("ndarray");
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    array = DenseArrayCodec.Read(ref reader, "dense");
                    break;
                case 2:
                    StructCodec.Read(ref reader, "parameters", parameters ??= []);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        array ??= NdArray.Zeros(NdType.Float64, 0);
        reader.Leave(outer);
        return parameters is null ? array : array.From(array.Framework, parameters);
    }
}
