using System.Buffers;
using FlowKit.Wire.Proto;

namespace FlowKit.Wire.Grpc.Jina;

/// <summary><c>jina.SingleDocumentRequestProto</c>, in the dialect that its document tells, or in the one that is said.</summary>
/// <param name="dialect">The only dialect that is read; <see langword="null"/> to tell it by the document, v1 without one.</param>
public sealed class SingleDocumentMarshaller(DocArrayDialect? dialect = null) : GrpcMarshaller<JinaMessage>
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
        var spoken = dialect ?? DialectDetection.DetectSingle(message) ?? DocArrayDialect.V1;
        return new JinaMessage(SingleDocumentRequestCodec.Read(message, spoken), spoken);
    }
}
