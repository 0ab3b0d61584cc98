using System.Buffers;
using FlowKit.Wire.Proto;

namespace FlowKit.Wire.Grpc.Jina;

/// <summary><c>jina.DataRequestListProto</c>, in the dialect that its first document tells.</summary>
/// <param name="fallback">The dialect of what has no documents.</param>
public sealed class DataRequestListMarshaller(DocArrayDialect fallback = DocArrayDialect.V1) : GrpcMarshaller<JinaMessageList>
{
    /// <inheritdoc/>
    public override int SizeOf(JinaMessageList message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return DataRequestListCodec.SizeOf(message.Requests, message.Dialect);
    }

    /// <inheritdoc/>
    public override void Write(JinaMessageList message, IBufferWriter<byte> writer)
    {
        ArgumentNullException.ThrowIfNull(message);
        DataRequestListCodec.Write(message.Requests, writer, message.Dialect);
    }

    /// <inheritdoc/>
    public override JinaMessageList Read(ReadOnlyMemory<byte> message)
    {
        var dialect = DialectDetection.DetectList(message) ?? fallback;
        return new JinaMessageList(DataRequestListCodec.Read(message, dialect), dialect);
    }
}
