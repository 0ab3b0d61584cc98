using System.Buffers;

namespace FlowKit.Wire.Proto;

/// <summary>
/// <c>jina.DataRequestListProto</c>: the parts that come together at a node, each as <see cref="DataRequestCodec"/> has it.
/// </summary>
public static class DataRequestListCodec
{
    private const string Name = "DataRequestListProto";

    private static readonly ProtoBody<IReadOnlyList<DataRequest>> s_v1 =
        (ref ProtoWriter writer, IReadOnlyList<DataRequest> requests) => Write(ref writer, requests, DocArrayDialect.V1);
    private static readonly ProtoBody<IReadOnlyList<DataRequest>> s_v2 =
        (ref ProtoWriter writer, IReadOnlyList<DataRequest> requests) => Write(ref writer, requests, DocArrayDialect.V2);

    /// <summary>Returns the size of the message in bytes.</summary>
    /// <param name="requests">The requests.</param>
    /// <param name="dialect">How documents are written.</param>
    public static int SizeOf(
        IReadOnlyList<DataRequest> requests, DocArrayDialect dialect = DocArrayDialect.V1) => Measure(requests, dialect).Size;

    /// <summary>Writes the message.</summary>
    /// <param name="requests">The requests.</param>
    /// <param name="output">Where to.</param>
    /// <param name="dialect">How documents are written.</param>
    public static void Write(
        IReadOnlyList<DataRequest> requests, IBufferWriter<byte> output, DocArrayDialect dialect = DocArrayDialect.V1) =>
        Measure(requests, dialect).Write(output);

    /// <summary>Measures the message, for a caller that sends its size first.</summary>
    /// <param name="requests">The requests; they must not change until they are written.</param>
    /// <param name="dialect">How documents are written.</param>
    public static MeasuredMessage<IReadOnlyList<DataRequest>> Measure(
        IReadOnlyList<DataRequest> requests, DocArrayDialect dialect = DocArrayDialect.V1)
    {
        ArgumentNullException.ThrowIfNull(requests);
        return new MeasuredMessage<IReadOnlyList<DataRequest>>(requests, Name, dialect == DocArrayDialect.V1 ? s_v1 : s_v2);
    }

    /// <summary>Reads the message.</summary>
    /// <param name="message">Its bytes, which the requests keep.</param>
    /// <param name="dialect">How its documents lie in it.</param>
    /// <exception cref="FlowKitException">
    /// <see cref="FlowErrorCode.InvalidArgument"/>: it is not valid; the message names the field.
    /// </exception>
    public static IReadOnlyList<DataRequest> Read(
        ReadOnlyMemory<byte> message, DocArrayDialect dialect = DocArrayDialect.V1) => Read(message, dialect, isLazy: false);

    /// <summary>Reads all but the documents, which are decoded when somebody asks for them, and until then written as they came.</summary>
    /// <param name="message">Its bytes, which the requests keep.</param>
    /// <param name="dialect">How its documents lie in it.</param>
    /// <exception cref="FlowKitException">
    /// <see cref="FlowErrorCode.InvalidArgument"/>: the rest is not valid; the message names the field.
    /// </exception>
    public static IReadOnlyList<DataRequest> ReadLazily(
        ReadOnlyMemory<byte> message, DocArrayDialect dialect = DocArrayDialect.V1) => Read(message, dialect, isLazy: true);

    private static List<DataRequest> Read(ReadOnlyMemory<byte> message, DocArrayDialect dialect, bool isLazy)
    {
        var requests = new List<DataRequest>();
        var reader = new ProtoReader(message, Name);
        while (reader.Next())
        {
            if (reader.Field != 1)
            {
                reader.Skip();
                continue;
            }

            var outer = reader.Enter("requests", requests.Count);
            requests.Add(DataRequestCodec.Read(ref reader, dialect, isLazy));
            reader.Leave(outer);
        }

        return requests;
    }

    private static void Write(ref ProtoWriter writer, IReadOnlyList<DataRequest> requests, DocArrayDialect dialect)
    {
        var body = DataRequestCodec.Body(dialect);
        for (var i = 0; i < requests.Count; i++)
        {
            var nested = writer.Begin(1, "requests", i);
            body(ref writer, requests[i]);
            writer.End(nested);
        }
    }
}
