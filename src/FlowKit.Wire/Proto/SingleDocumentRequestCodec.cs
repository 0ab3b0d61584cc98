using System.Buffers;

namespace FlowKit.Wire.Proto;

/// <summary><c>jina.SingleDocumentRequestProto</c>, which streams: a request of at most one document.</summary>
public static class SingleDocumentRequestCodec
{
    private const string Name = "SingleDocumentRequestProto";

    private static readonly ProtoBody<DataRequest> s_v1 = (ref ProtoWriter writer, DataRequest request) => Write(
        ref writer, request, DocArrayDialect.V1);
    private static readonly ProtoBody<DataRequest> s_v2 = (ref ProtoWriter writer, DataRequest request) => Write(
        ref writer, request, DocArrayDialect.V2);

    /// <summary>Returns the size of the message in bytes.</summary>
    /// <param name="request">The request.</param>
    /// <param name="dialect">How the document is written.</param>
    /// <exception cref="FlowKitException">
    /// It has more than one document, nests deeper than 100 messages or is larger than 2 GiB.
    /// </exception>
    public static int SizeOf(DataRequest request, DocArrayDialect dialect = DocArrayDialect.V1) => Measure(request, dialect).Size;

    /// <summary>Writes the message.</summary>
    /// <param name="request">The request.</param>
    /// <param name="output">Where to.</param>
    /// <param name="dialect">How the document is written.</param>
    /// <exception cref="FlowKitException">
    /// It has more than one document, nests deeper than 100 messages or is larger than 2 GiB.
    /// </exception>
    public static void Write(
        DataRequest request, IBufferWriter<byte> output, DocArrayDialect dialect = DocArrayDialect.V1) => Measure(request, dialect)
        .Write(output);

    /// <summary>Measures the message, for a caller that sends its size first.</summary>
    /// <param name="request">The request; it must not change until it is written.</param>
    /// <param name="dialect">How the document is written.</param>
    /// <exception cref="FlowKitException">
    /// It has more than one document, nests deeper than 100 messages or is larger than 2 GiB.
    /// </exception>
    public static MeasuredMessage<DataRequest> Measure(DataRequest request, DocArrayDialect dialect = DocArrayDialect.V1)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new MeasuredMessage<DataRequest>(request, Name, dialect == DocArrayDialect.V1 ? s_v1 : s_v2);
    }

    /// <summary>Reads the message.</summary>
    /// <param name="message">Its bytes, which the request keeps.</param>
    /// <param name="dialect">How its document lies in it.</param>
    /// <exception cref="FlowKitException">
    /// <see cref="FlowErrorCode.InvalidArgument"/>: it is not valid; the message names the field.
    /// </exception>
    public static DataRequest Read(
        ReadOnlyMemory<byte> message, DocArrayDialect dialect = DocArrayDialect.V1) => Read(message, dialect, isLazy: false);

    /// <summary>Reads all but the document, which is decoded when somebody asks for it, and until then written as it came.</summary>
    /// <param name="message">Its bytes, which the request keeps.</param>
    /// <param name="dialect">How its document lies in it.</param>
    /// <exception cref="FlowKitException">
    /// <see cref="FlowErrorCode.InvalidArgument"/>: the rest is not valid; the message names the field.
    /// </exception>
    public static DataRequest ReadLazily(
        ReadOnlyMemory<byte> message, DocArrayDialect dialect = DocArrayDialect.V1) => Read(message, dialect, isLazy: true);

    private static DataRequest Read(ReadOnlyMemory<byte> message, DocArrayDialect dialect, bool isLazy)
    {
        var request = new DataRequest { AlwaysWritten = DataRequestFields.None };
        List<WireRoute>? routes = null;
        var reader = new ProtoReader(message, Name);
        while (reader.Next())
        {
            if (reader.Field == 4)
            {
                var document = reader.Bytes("document");
                request.Documents = new DocumentArray(
                    request.Undecoded?.And(document) ?? new UndecodedDocuments(document, "document", dialect, isSingle: true));
            }
            else if (!EnvelopeCodec.ReadField(ref reader, request, ref routes))
            {
                EnvelopeCodec.KeepUnknown(reader.Skip(), request, isLazy);
            }
        }

        if (!isLazy)
        {
            request.Documents.Decode();
        }

        return request;
    }

    private static void Write(ref ProtoWriter writer, DataRequest request, DocArrayDialect dialect)
    {
        EnvelopeCodec.Write(ref writer, request);
        if (request.Undecoded is { IsSingle: true } undecoded && undecoded.Dialect == dialect)
        {
            writer.PresentBytes(4, undecoded.Data.Span);
        }
        else if (request.Documents is [var document])
        {
            var nested = writer.Begin(4, "document");
            DocumentCodec.Write(ref writer, document, dialect);
            writer.End(nested);
        }
        else if (request.Documents.Count > 1)
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument, $"document: the message holds one document, not {request.Documents.Count}");
        }

        EnvelopeCodec.WriteUnknown(ref writer, request);
    }
}
