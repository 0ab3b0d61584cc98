using System.Buffers;
using FlowKit.Wire.Proto;

namespace FlowKit.Wire.Grpc.Jina;

/// <summary><c>jina.DataRequestProto</c>, in the dialect that its first document tells, or in the one that is said.</summary>
/// <param name="isLazy">Tells of each message whether its documents stay as they came until somebody asks for them.</param>
/// <param name="dialect">The only dialect that is read; <see langword="null"/> to tell it by the first document, v1 without one.</param>
public sealed class DataRequestMarshaller(Func<bool>? isLazy = null, DocArrayDialect? dialect = null) : GrpcMarshaller<JinaMessage>
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
        var spoken = dialect ?? DialectDetection.Detect(message) ?? DocArrayDialect.V1;
        var request = isLazy?.Invoke() == true ? DataRequestCodec.ReadLazily(message, spoken) : DataRequestCodec.Read(message, spoken);
        return new JinaMessage(request, spoken);
    }
}
