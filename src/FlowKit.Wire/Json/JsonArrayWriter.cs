using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace FlowKit.Wire.Json;

/// <summary>Writes an array in either <see cref="ArrayFormat"/>.</summary>
internal static class JsonArrayWriter
{
    private const int MostEmptyLists = 1_000_000;

    /// <summary>The longest number of 64 bits has 24 characters.</summary>
    private const int MaxDigits = 32;

    public static void Write(Utf8JsonWriter writer, NdArray array, ArrayFormat format)
    {
        if (format == ArrayFormat.Base64)
        {
            WriteBuffer(writer, array);
        }
        else
        {
            CheckEmptyLists(array);
            var index = 0;
            WriteLevel(writer, array, 0, ref index);
        }
    }

    /// <summary>
    /// The lists of an array without elements cost nothing where they come from and gigabytes here: [2000000000, 0] is that many lists.
    /// </summary>
    private static void CheckEmptyLists(NdArray array)
    {
        long lists = 1;
        for (var axis = 0; array.Length == 0 && array.Shape[axis] > 0; axis++)
        {
            lists *= array.Shape[axis];
        }

        if (lists > MostEmptyLists)
        {
            throw new FlowKitException(
                FlowErrorCode.PayloadTooLarge,
                $"An array of {array} has no elements, but would be {lists} empty lists in JSON; at most {MostEmptyLists} are written.");
        }
    }

    private static void WriteBuffer(Utf8JsonWriter writer, NdArray array)
    {
        writer.WriteStartObject();
        writer.WriteBase64String("buffer"u8, array.Bytes.Span);
        writer.WriteStartArray("shape"u8);
        foreach (var dimension in array.Shape)
        {
            writer.WriteNumberValue(dimension);
        }

        writer.WriteEndArray();
        writer.WriteString("dtype"u8, NdTypes.NumPyOf(array.Type));
        writer.WriteEndObject();
    }

    private static void WriteLevel(Utf8JsonWriter writer, NdArray array, int depth, ref int index)
    {
        if (depth == array.Rank)
        {
            WriteElement(writer, array, index++);
            return;
        }

        writer.WriteStartArray();
        if (depth == array.Rank - 1 && array.Type == NdType.Float32)
        {
            foreach (var value in array.AsSpan<float>().Slice(index, array.Shape[depth]))
            {
                WriteFloat(writer, value);
            }

            index += array.Shape[depth];
        }
        else
        {
            for (var i = 0; i < array.Shape[depth]; i++)
            {
                WriteLevel(writer, array, depth + 1, ref index);
            }
        }

        writer.WriteEndArray();
    }

    private static void WriteElement(Utf8JsonWriter writer, NdArray array, int index)
    {
        switch (array.Type)
        {
            case NdType.Bool:
                writer.WriteBooleanValue(array.Bytes.Span[index] != 0);
                break;
            case NdType.Float32 or NdType.Float16:
                WriteFloat(writer, (float)array.ToDouble(index));
                break;
            case NdType.Float64:
                WriteFloat(writer, array.ToDouble(index));
                break;
            case NdType.UInt64:
                writer.WriteNumberValue(array.AsSpan<ulong>()[index]);
                break;
            case NdType.Int64:
                writer.WriteNumberValue(array.AsSpan<long>()[index]);
                break;
            default:
                writer.WriteNumberValue((long)array.ToDouble(index));
                break;
        }
    }

    /// <summary>
    /// Writes a number of floats. JSON has no NaN or infinity; null is the only honest spelling. A whole number keeps its point, as in
    /// Python: without it readers take the array for one of integers, in which -0 is 0.
    /// </summary>
    private static void WriteFloat<T>(Utf8JsonWriter writer, T value)
        where T : IBinaryFloatingPointIeee754<T>
    {
        if (!T.IsFinite(value))
        {
            writer.WriteNullValue();
            return;
        }

        Span<byte> text = stackalloc byte[MaxDigits];
        value.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        if (!text[..length].ContainsAny((byte)'.', (byte)'E'))
        {
            ".0"u8.CopyTo(text[length..]);
            length += 2;
        }

        writer.WriteRawValue(text[..length], skipInputValidation: true);
    }
}
