using System.Buffers;
using FlowKit.Wire.Proto;

namespace FlowKit.Wire.Grpc.Jina;

/// <summary><c>jina.DataRequestProto</c>, in the dialect that its first document tells.</summary>
/// <param name="isLazy">Whether documents stay as they came until somebody asks for them.</param>
/// <param name="fallback">The dialect of what has no documents.</param>
public sealed class DataRequestMarshaller(bool isLazy = false, DocArrayDialect fallback = DocArrayDialect.V1) : GrpcMarshaller<JinaMessage>
{
    /// <inheritdoc/>
    public override int SizeOf(JinaMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return (message.Measured ??= DataRequestCodec.Measure(message.Request, message.Dialect)).Size;
    }

    /// <inheritdoc/>
    public override void Write(JinaMessage message, IBufferWriter<byte> writer)
    {
        ArgumentNullException.ThrowIfNull(message);
        (message.Measured ?? DataRequestCodec.Measure(message.Request, message.Dialect)).Write(writer);
    }

    /// <inheritdoc/>
    public override JinaMessage Read(ReadOnlyMemory<byte> message)
    {
        var dialect = DialectDetection.Detect(message) ?? fallback;
        return new JinaMessage(isLazy ? DataRequestCodec.ReadLazily(message, dialect) : DataRequestCodec.Read(message, dialect), dialect);
    }
}
