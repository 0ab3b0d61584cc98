namespace FlowKit.Wire.Proto;

/// <summary>
/// DocArray's DenseNdArrayProto, the same in both dialects: <c>buffer</c> 1 (the elements, C order), <c>shape</c> 2, <c>dtype</c> 3
/// (NumPy's spelling). An empty buffer stands for zeros. Big-endian elements are turned round, the one case in which elements are copied.
/// </summary>
internal static class DenseArrayCodec
{
    /// <summary>NumPy's own limit.</summary>
    public const int MaxDimensions = 64;

    /// <summary>Reads the array that a field holds.</summary>
    /// <param name="reader">Has come to the field.</param>
    /// <param name="name">The field's name.</param>
    /// <param name="mayBeZeros">Whether an empty buffer may stand for zeros.</param>
    public static NdArray Read(ref ProtoReader reader, string name, bool mayBeZeros = true)
    {
        Span<int> shape = stackalloc int[MaxDimensions + 1];
        var rank = 0;
        var buffer = ReadOnlyMemory<byte>.Empty;
        ElementEncoding? dtype = null;
        var outer = reader.Enter(name);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    buffer = reader.Bytes("buffer");
                    break;
                case 2:
                    rank = reader.Dimensions(shape, rank, "shape");
                    break;
                case 3:
                    dtype = ElementTypes.Read(ref reader, "dtype");
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        // NumPy makes float64 of zeros whose type is not said
        var encoding = dtype
            ?? (buffer.IsEmpty
                ? new ElementEncoding(NdType.Float64)
                : throw reader.Fault("dtype", "it is missing; expected one like '<f4'"));
        var array = Make(ref reader, encoding.Type, shape[..rank], encoding.Decode(buffer), mayBeZeros);
        reader.Leave(outer);
        return array;
    }

    public static void Write(ref ProtoWriter writer, int field, string name, NdArray array)
    {
        var nested = writer.Begin(field, name);
        var bytes = array.IsZeros ? default : array.Bytes;
        if (!bytes.IsEmpty)
        {
            writer.PresentBytes(1, bytes.Span);
        }

        WriteShape(ref writer, 2, array.Shape);
        writer.PresentBytes(3, ElementTypes.NameOf(array.Type));
        writer.End(nested);
    }

    /// <summary>Writes dimensions as a packed run.</summary>
    public static void WriteShape(ref ProtoWriter writer, int field, ReadOnlySpan<int> shape)
    {
        if (shape.IsEmpty)
        {
            return;
        }

        var size = 0;
        foreach (var dimension in shape)
        {
            size += ProtoWriter.VarintSize((ulong)dimension);
        }

        writer.BeginPacked(field, size);
        foreach (var dimension in shape)
        {
            writer.Varint((ulong)dimension);
        }
    }

    private static NdArray Make(
        ref ProtoReader reader, NdType type, scoped ReadOnlySpan<int> shape, ReadOnlyMemory<byte> buffer, bool mayBeZeros)
    {
        try
        {
            return buffer.IsEmpty && mayBeZeros ? NdArray.Zeros(type, shape) : new NdArray(type, shape, buffer);
        }
        catch (FlowKitException exception)
        {
            throw reader.Fault(null, exception.Message);
        }
    }
}
