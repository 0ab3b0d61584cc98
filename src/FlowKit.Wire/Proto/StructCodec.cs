using System.Text.Json.Nodes;

namespace FlowKit.Wire.Proto;

/// <summary>protobuf's Struct as a JSON object. Every number is a double, since Struct knows no other.</summary>
internal static class StructCodec
{
    /// <summary>Reads the Struct that a field holds into <paramref name="target"/>; of a name said twice the later counts.</summary>
    public static void Read(ref ProtoReader reader, string? name, JsonObject target)
    {
        reader.CountPart(ProtoReader.MinMapBytes);
        var outer = reader.Enter(name);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                ReadEntry(ref reader, target);
            }
            else
            {
                reader.Skip();
            }
        }

        reader.Leave(outer);
    }

    public static void Write(ref ProtoWriter writer, int field, string? name, JsonObject values)
    {
        var nested = writer.Begin(field, name);
        WriteEntries(ref writer, values);
        writer.End(nested);
    }

    public static void WriteEntries(ref ProtoWriter writer, JsonObject values)
    {
        foreach (var (key, value) in values)
        {
            WriteEntry(ref writer, key, value);
        }
    }

    public static void WriteEntry(ref ProtoWriter writer, string key, JsonNode? value)
    {
        var entry = writer.Begin(1);
        writer.String(1, key);
        var nested = writer.Begin(2, key);
        WriteValue(ref writer, value);
        writer.End(nested);
        writer.End(entry);
    }

    private static void ReadEntry(ref ProtoReader reader, JsonObject target)
    {
        var key = "";
        JsonNode? value = null;
        var outer = reader.Enter(null);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    key = reader.String("key");
                    break;
                case 2:
                    value = ReadValue(ref reader, key, -1);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        reader.Leave(outer);
        target[key] = value;
    }

    private static JsonNode? ReadValue(ref ProtoReader reader, string? name, int index)
    {
        JsonNode? value = null;
        var outer = reader.Enter(name, index);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    reader.Int32("null_value");
                    value = null;
                    break;
                case 2:
                    value = JsonValue.Create(reader.Double("number_value"));
                    break;
                case 3:
                    value = JsonValue.Create(reader.String("string_value"));
                    break;
                case 4:
                    value = JsonValue.Create(reader.Bool("bool_value"));
                    break;
                case 5:
                    var fields = new JsonObject();
                    Read(ref reader, null, fields);
                    value = fields;
                    break;
                case 6:
                    value = ReadList(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        reader.Leave(outer);
        return value;
    }

    private static JsonArray ReadList(ref ProtoReader reader)
    {
        reader.CountPart(ProtoReader.MinMapBytes);
        var list = new JsonArray();
        var outer = reader.Enter(null);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                list.Add(ReadValue(ref reader, null, list.Count));
            }
            else
            {
                reader.Skip();
            }
        }

        reader.Leave(outer);
        return list;
    }

    private static void WriteValue(ref ProtoWriter writer, JsonNode? value)
    {
        switch (value)
        {
            case null:
                writer.PresentVarint(1, 0);
                break;
            case JsonObject fields:
                Write(ref writer, 5, null, fields);
                break;
            case JsonArray list:
                var nested = writer.Begin(6);
                for (var i = 0; i < list.Count; i++)
                {
                    var item = writer.Begin(1, null, i);
                    WriteValue(ref writer, list[i]);
                    writer.End(item);
                }

                writer.End(nested);
                break;
            default:
                WriteScalar(ref writer, new JsonScalar(value.AsValue()));
                break;
        }
    }

    private static void WriteScalar(ref ProtoWriter writer, JsonScalar scalar)
    {
        switch (scalar.Kind)
        {
            case System.Text.Json.JsonValueKind.Number:
                writer.PresentDouble(2, scalar.ToDouble());
                break;
            case System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False:
                writer.PresentVarint(4, scalar.Kind == System.Text.Json.JsonValueKind.True ? 1UL : 0);
                break;
            default:
                writer.PresentString(3, scalar.ToText());
                break;
        }
    }
}
