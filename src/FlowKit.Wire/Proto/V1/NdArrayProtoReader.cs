using System.Text.Json.Nodes;

namespace FlowKit.Wire.Proto.V1;

/// <summary>
/// Reads DocArray v1's NdArrayProto. DocArray itself takes an array without a <c>cls_name</c> for none at all; here it is taken for
/// NumPy's, since a client that forgot it meant an array.
/// </summary>
internal static class NdArrayProtoReader
{
    /// <summary>Reads the array that a field holds.</summary>
    /// <returns>The array; null when the message holds none.</returns>
    public static NdArray? Read(ref ProtoReader reader, string name)
    {
        NdArray? array = null;
        string? framework = null;
        JsonObject? parameters = null;
        var outer = reader.Enter(name);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    array = DenseArrayCodec.Read(ref reader, "dense");
                    break;
                case 2:
                    array = ReadSparse(ref reader);
                    break;
                case 3:
                    framework = ReadFramework(ref reader);
                    break;
                case 4:
                    StructCodec.Read(ref reader, "parameters", parameters ??= []);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        reader.Leave(outer);
        return array is null || (framework is null && parameters is null) ? array : array.From(framework, parameters);
    }

    /// <summary>Nearly every array is NumPy's, which is not said.</summary>
    private static string? ReadFramework(ref ProtoReader reader)
    {
        var bytes = reader.Utf8("cls_name");
        return bytes.IsEmpty || bytes.SequenceEqual("numpy"u8) ? null : System.Text.Encoding.UTF8.GetString(bytes);
    }

    private static NdArray ReadSparse(ref ProtoReader reader)
    {
        NdArray? indices = null;
        NdArray? values = null;
        Span<int> shape = stackalloc int[DenseArrayCodec.MaxDimensions + 1];
        var rank = 0;
        var outer = reader.Enter("sparse");
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    indices = DenseArrayCodec.Read(ref reader, "indices", mayBeZeros: false);
                    break;
                case 2:
                    values = DenseArrayCodec.Read(ref reader, "values", mayBeZeros: false);
                    break;
                case 3:
                    rank = reader.Dimensions(shape, rank, "shape");
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        var array = Make(ref reader, indices, values, shape[..rank]);
        reader.Leave(outer);
        return array;
    }

    private static NdArray Make(ref ProtoReader reader, NdArray? indices, NdArray? values, scoped ReadOnlySpan<int> shape)
    {
        try
        {
            return indices is null || values is null
                ? throw reader.Fault(null, "a sparse array needs 'indices' and 'values'")
                : NdArray.FromSparse(new SparseElements(indices, values), shape);
        }
        catch (FlowKitException exception) when (indices is not null && values is not null)
        {
            throw reader.Fault(null, exception.Message);
        }
    }
}
