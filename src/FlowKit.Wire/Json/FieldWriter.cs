using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowKit.Wire.Json;

/// <summary>Writes a document's fields, an unset one as null or not at all.</summary>
internal readonly struct FieldWriter(Utf8JsonWriter writer, JsonWireOptions options, int level)
{
    public void String(ReadOnlySpan<byte> name, string? value)
    {
        if (Begin(name, value is not null))
        {
            writer.WriteStringValue(value);
        }
    }

    /// <summary>Writes a depth; 0, protobuf's unset, as null.</summary>
    public void Count(ReadOnlySpan<byte> name, uint value)
    {
        if (Begin(name, value != 0))
        {
            writer.WriteNumberValue(value);
        }
    }

    public void Number(ReadOnlySpan<byte> name, float? value)
    {
        if (Begin(name, value is { } number && float.IsFinite(number)))
        {
            writer.WriteNumberValue(value.GetValueOrDefault());
        }
    }

    public void Numbers(ReadOnlySpan<byte> name, IReadOnlyList<float>? values)
    {
        if (!Begin(name, values is not null))
        {
            return;
        }

        writer.WriteStartArray();
        foreach (var value in values!)
        {
            if (float.IsFinite(value))
            {
                writer.WriteNumberValue(value);
            }
            else
            {
                writer.WriteNullValue();
            }
        }

        writer.WriteEndArray();
    }

    public void Bytes(ReadOnlySpan<byte> name, ReadOnlyMemory<byte>? value)
    {
        if (Begin(name, value is not null))
        {
            writer.WriteBase64StringValue(value.GetValueOrDefault().Span);
        }
    }

    public void Array(ReadOnlySpan<byte> name, NdArray? value)
    {
        if (Begin(name, value is not null))
        {
            JsonArrayWriter.Write(writer, value!, options.Arrays);
        }
    }

    public void Json(ReadOnlySpan<byte> name, JsonNode? value)
    {
        if (Begin(name, value is not null))
        {
            value!.WriteTo(writer);
        }
    }

    /// <summary>Writes a field of v2: bytes as base64, arrays in the form that was asked for, nested documents as objects.</summary>
    public void Value(string name, JsonNode? value)
    {
        writer.WritePropertyName(name);
        Value(value);
    }

    private void Value(JsonNode? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case JsonObject { Count: 2 } typed when typed.ContainsKey(FieldJson.Type) && typed.TryGetPropertyValue("value", out var inner):
                Value(inner);
                break;
            case JsonObject { Count: 1 } wrapped when (wrapped[FieldJson.Doc] ?? wrapped[FieldJson.Docs]) is { } nested:
                Value(nested);
                break;
            case JsonObject map when FieldJson.ToArray(map) is { } array:
                JsonArrayWriter.Write(writer, array, options.Arrays);
                break;
            case JsonObject map when FieldJson.ToBytes(map) is { } bytes:
                writer.WriteBase64StringValue(bytes);
                break;
            case JsonObject map:
                Map(map);
                break;
            case JsonArray list:
                List(list);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private void Map(JsonObject map)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in map)
        {
            Value(name, value);
        }

        writer.WriteEndObject();
    }

    private void List(JsonArray list)
    {
        writer.WriteStartArray();
        foreach (var item in list)
        {
            Value(item);
        }

        writer.WriteEndArray();
    }

    public void Documents(ReadOnlySpan<byte> name, DocumentArray? value)
    {
        if (Begin(name, value is not null))
        {
            DocumentJsonWriter.Write(writer, value!, options, level + 1);
        }
    }

    public void Scores(ReadOnlySpan<byte> name, Dictionary<string, NamedScore>? scores)
    {
        if (!Begin(name, scores is not null))
        {
            return;
        }

        writer.WriteStartObject();
        foreach (var (key, score) in scores!)
        {
            writer.WriteStartObject(key);
            Number("value"u8, score.Value);
            String("op_name"u8, score.OpName);
            String("description"u8, score.Description);
            String("ref_id"u8, score.RefId);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private bool Begin(ReadOnlySpan<byte> name, bool isSet)
    {
        if (isSet)
        {
            writer.WritePropertyName(name);
        }
        else if (!options.SkipNulls)
        {
            writer.WriteNull(name);
        }

        return isSet;
    }
}
