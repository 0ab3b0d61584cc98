using System.Buffers;

namespace FlowKit.Wire.Proto;

/// <summary>
/// <c>jina.DataRequestProto</c>. Arrays, embeddings and blobs that are read are slices of the message's memory, which must belong to the
/// message alone; what is written is copied once, into the output.
/// </summary>
public static class DataRequestCodec
{
    private const string Name = "DataRequestProto";

    private static readonly ProtoBody<DataRequest> s_v1 = (ref ProtoWriter writer, DataRequest request) => Write(
        ref writer, request, DocArrayDialect.V1);
    private static readonly ProtoBody<DataRequest> s_v2 = (ref ProtoWriter writer, DataRequest request) => Write(
        ref writer, request, DocArrayDialect.V2);

    /// <summary>Returns the size of the message in bytes.</summary>
    /// <param name="request">The request.</param>
    /// <param name="dialect">How documents are written.</param>
    /// <exception cref="FlowKitException">It nests deeper than 100 messages or is larger than 2 GiB.</exception>
    public static int SizeOf(DataRequest request, DocArrayDialect dialect = DocArrayDialect.V1) => Measure(request, dialect).Size;

    /// <summary>Writes the message.</summary>
    /// <param name="request">The request.</param>
    /// <param name="output">Where to.</param>
    /// <param name="dialect">How documents are written; undecoded ones of the same dialect go out byte for byte.</param>
    /// <exception cref="FlowKitException">It nests deeper than 100 messages or is larger than 2 GiB.</exception>
    public static void Write(
        DataRequest request, IBufferWriter<byte> output, DocArrayDialect dialect = DocArrayDialect.V1) => Measure(request, dialect)
        .Write(output);

    /// <summary>Measures the message, for a caller that sends its size first.</summary>
    /// <param name="request">The request; it must not change until it is written.</param>
    /// <param name="dialect">How documents are written.</param>
    /// <exception cref="FlowKitException">It nests deeper than 100 messages or is larger than 2 GiB.</exception>
    public static MeasuredMessage<DataRequest> Measure(DataRequest request, DocArrayDialect dialect = DocArrayDialect.V1)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new MeasuredMessage<DataRequest>(request, Name, Body(dialect));
    }

    /// <summary>Reads the message.</summary>
    /// <param name="message">Its bytes, which the request keeps.</param>
    /// <param name="dialect">How its documents lie in it.</param>
    /// <exception cref="FlowKitException">
    /// <see cref="FlowErrorCode.InvalidArgument"/>: it is not valid; the message names the field.
    /// </exception>
    public static DataRequest Read(ReadOnlyMemory<byte> message, DocArrayDialect dialect = DocArrayDialect.V1)
    {
        var reader = new ProtoReader(message, Name);
        return Read(ref reader, dialect, isLazy: false);
    }

    /// <summary>
    /// Reads header, parameters and routes; the documents are decoded when somebody asks for them, and until then written as they came.
    /// </summary>
    /// <param name="message">Its bytes, which the request keeps.</param>
    /// <param name="dialect">How its documents lie in it.</param>
    /// <exception cref="FlowKitException">
    /// <see cref="FlowErrorCode.InvalidArgument"/>: the rest is not valid; the message names the field.
    /// </exception>
    public static DataRequest ReadLazily(ReadOnlyMemory<byte> message, DocArrayDialect dialect = DocArrayDialect.V1)
    {
        var reader = new ProtoReader(message, Name);
        return Read(ref reader, dialect, isLazy: true);
    }

    internal static DataRequest Read(ref ProtoReader reader, DocArrayDialect dialect, bool isLazy)
    {
        reader.CountPart(ProtoReader.MinDocumentBytes);
        var request = new DataRequest { AlwaysWritten = DataRequestFields.None, Format = UndecodedDocuments.FormatOf(dialect) };
        List<WireRoute>? routes = null;
        while (reader.Next())
        {
            if (reader.Field == 4)
            {
                ReadData(ref reader, request, dialect, isLazy);
            }
            else if (!EnvelopeCodec.ReadField(ref reader, request, ref routes))
            {
                EnvelopeCodec.KeepUnknown(reader.Skip(), request, isLazy);
            }
        }

        return request;
    }

    internal static ProtoBody<DataRequest> Body(DocArrayDialect dialect) => dialect == DocArrayDialect.V1 ? s_v1 : s_v2;

    private static void ReadData(ref ProtoReader reader, DataRequest request, DocArrayDialect dialect, bool isLazy)
    {
        request.AlwaysWritten |= DataRequestFields.Data;
        if (isLazy)
        {
            var data = reader.Bytes("data");
            request.Documents = new DocumentArray(
                request.Undecoded?.And(data) ?? new UndecodedDocuments(data, "data", dialect, isSingle: false));
            return;
        }

        var outer = reader.Enter("data");
        if (ContentCodec.Read(ref reader, dialect, request.Documents).HasList)
        {
            request.AlwaysWritten |= DataRequestFields.Documents;
        }

        reader.Leave(outer);
    }

    private static void Write(ref ProtoWriter writer, DataRequest request, DocArrayDialect dialect)
    {
        EnvelopeCodec.Write(ref writer, request);
        if (request.Undecoded is { } undecoded && undecoded.Dialect == dialect && !undecoded.IsSingle)
        {
            writer.PresentBytes(4, undecoded.Data.Span);
        }
        else
        {
            ContentCodec.Write(ref writer, request.Documents, dialect, request.AlwaysWritten);
        }

        EnvelopeCodec.WriteUnknown(ref writer, request);
    }
}
