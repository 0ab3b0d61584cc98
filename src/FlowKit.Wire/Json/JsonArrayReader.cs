using System.Text.Json;

namespace FlowKit.Wire.Json;

/// <summary>Reads an array: nested lists of numbers, or the base64 object of <see cref="ArrayFormat.Base64"/>.</summary>
internal static class JsonArrayReader
{
    /// <summary>Reads the array at the reader.</summary>
    /// <param name="reader">Stands on <c>[</c>, <c>{</c>, a number or true/false.</param>
    /// <param name="asFloat32">
    /// Read numbers as float32 (embeddings); else whole numbers become int64 and others float64, as NumPy does.
    /// </param>
    /// <param name="field">For errors.</param>
    public static NdArray Read(ref Utf8JsonReader reader, bool asFloat32, string field) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadBuffer(ref reader, field),
        JsonTokenType.StartArray when asFloat32 => ReadFlat32(ref reader, field),
        JsonTokenType.StartArray or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False =>
            ReadLists(ref reader, asFloat32, field),
        _ => throw new WireFormatException(
            field, $"expected an array of numbers or an object with buffer, shape and dtype, not {reader.TokenType}"),
    };

    private static NdArray ReadBuffer(ref Utf8JsonReader reader, string field)
    {
        byte[]? buffer = null;
        int[]? shape = null;
        string? dtype = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "buffer" when reader.TokenType == JsonTokenType.String:
                    buffer = FieldReader.TryReadBase64(ref reader, out var bytes)
                        ? bytes
                        : throw new WireFormatException($"{field}.buffer", "not valid base64");
                    break;
                case "shape" when reader.TokenType == JsonTokenType.StartArray:
                    shape = ReadShape(ref reader, field);
                    break;
                case "dtype" when reader.TokenType == JsonTokenType.String:
                    dtype = reader.GetString();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (buffer is null || dtype is null)
        {
            throw new WireFormatException(field, "an array object needs \"buffer\" (base64), \"shape\" and \"dtype\"");
        }

        if (!ElementEncoding.TryParse(dtype, out var encoding))
        {
            throw new WireFormatException($"{field}.dtype", $"'{dtype}' is not a known dtype; expected one like 'float32' or '<f4'");
        }

        var elements = encoding.Decode(buffer);
        return Make(encoding.Type, shape ?? [elements.Length / NdTypes.SizeOf(encoding.Type)], elements, field);
    }

    private static int[] ReadShape(ref Utf8JsonReader reader, string field)
    {
        var shape = new List<int>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            shape.Add(reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var dimension) && dimension >= 0
                ? dimension
                : throw new WireFormatException($"{field}.shape", "expected whole numbers of at least 0"));
        }

        return [.. shape];
    }

    /// <summary>The common embedding, a flat list, without a list of doubles in between; a nested one starts over.</summary>
    private static NdArray ReadFlat32(ref Utf8JsonReader reader, string field)
    {
        var start = reader;
        var values = new List<float>(512);
        while (reader.Read() && reader.TokenType == JsonTokenType.Number)
        {
            values.Add(Finite(reader.GetSingle(), ref reader, field));
        }

        if (reader.TokenType == JsonTokenType.EndArray)
        {
            return NdArray.Wrap(values.ToArray());
        }

        reader = start;
        return ReadLists(ref reader, asFloat32: true, field);
    }

    private static NdArray ReadLists(ref Utf8JsonReader reader, bool asFloat32, string field)
    {
        var shape = new List<int>();
        var values = new JsonNumbers(field);
        ReadLevel(ref reader, 0, shape, values, field);
        var (type, bytes) = asFloat32 ? (NdType.Float32, values.ToFloat32()) : values.ToNarrowest();
        return Make(type, [.. shape], bytes, field);
    }

    /// <exception cref="WireFormatException">The number is beyond what a float32 holds: it would come back as infinity.</exception>
    private static float Finite(float value, ref Utf8JsonReader reader, string field) => float.IsFinite(value)
        ? value
        : throw new WireFormatException(
            field, $"{System.Text.Encoding.UTF8.GetString(reader.ValueSpan)} is too large for a float32");

    private static void ReadLevel(ref Utf8JsonReader reader, int depth, List<int> shape, JsonNumbers values, string field)
    {
        if (reader.TokenType is JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null)
        {
            if (depth != shape.Count)
            {
                throw Ragged(field);
            }

            values.Add(ref reader);
            return;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new WireFormatException(field, $"expected numbers, not {reader.TokenType}");
        }

        var first = depth == shape.Count;
        if (first)
        {
            if (values.Count > 0)
            {
                throw Ragged(field);
            }

            shape.Add(-1);
        }

        var count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            ReadLevel(ref reader, depth + 1, shape, values, field);
            count++;
        }

        shape[depth] = shape[depth] is -1 || shape[depth] == count ? count : throw Ragged(field);
    }

    private static WireFormatException Ragged(string field) =>
        new(field, "the lists are ragged: all lists of one level must have the same length");

    private static NdArray Make(NdType type, int[] shape, byte[] bytes, string field)
    {
        try
        {
            return new NdArray(type, shape, bytes);
        }
        catch (FlowKitException exception)
        {
            throw new WireFormatException(field, exception.Message);
        }
    }
}
