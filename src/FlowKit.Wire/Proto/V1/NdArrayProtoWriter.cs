using FlowKit.Wire.Proto.V2;

namespace FlowKit.Wire.Proto.V1;

/// <summary>Writes DocArray v1's NdArrayProto; a sparse array stays sparse.</summary>
internal static class NdArrayProtoWriter
{
    public static void Write(ref ProtoWriter writer, int field, string name, NdArray? array)
    {
        if (array is null)
        {
            return;
        }

        var nested = writer.Begin(field, name);
        if (array.Sparse is { } sparse)
        {
            var inner = writer.Begin(2, "sparse");
            DenseArrayCodec.Write(ref writer, 1, "indices", sparse.Indices);
            DenseArrayCodec.Write(ref writer, 2, "values", sparse.Values);
            DenseArrayCodec.WriteShape(ref writer, 3, array.Shape);
            writer.End(inner);
        }
        else
        {
            DenseArrayCodec.Write(ref writer, 1, "dense", array);
        }

        if (array.Framework is null)
        {
            writer.PresentBytes(3, "numpy"u8);
        }
        else
        {
            writer.PresentString(3, ArrayTypes.V1Of(array.Framework));
        }

        if (array.FrameworkParameters is { } parameters)
        {
            StructCodec.Write(ref writer, 4, "parameters", parameters);
        }

        writer.End(nested);
    }
}
