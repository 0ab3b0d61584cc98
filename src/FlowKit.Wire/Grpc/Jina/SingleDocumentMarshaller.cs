using System.Buffers;
using FlowKit.Wire.Proto;

namespace FlowKit.Wire.Grpc.Jina;

/// <summary><c>jina.SingleDocumentRequestProto</c>, in the dialect that its document tells.</summary>
/// <param name="fallback">The dialect of what has no document.</param>
public sealed class SingleDocumentMarshaller(DocArrayDialect fallback = DocArrayDialect.V1) : GrpcMarshaller<JinaMessage>
{
    /// <inheritdoc/>
    public override int SizeOf(JinaMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return (message.Measured ??= SingleDocumentRequestCodec.Measure(message.Request, message.Dialect)).Size;
    }

    /// <inheritdoc/>
    public override void Write(JinaMessage message, IBufferWriter<byte> writer)
    {
        ArgumentNullException.ThrowIfNull(message);
        (message.Measured ?? SingleDocumentRequestCodec.Measure(message.Request, message.Dialect)).Write(writer);
    }

    /// <inheritdoc/>
    public override JinaMessage Read(ReadOnlyMemory<byte> message)
    {
        var dialect = DialectDetection.DetectSingle(message) ?? fallback;
        return new JinaMessage(SingleDocumentRequestCodec.Read(message, dialect), dialect);
    }
}
