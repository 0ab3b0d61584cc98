using System.Buffers;
using FlowKit.Wire.Proto;

namespace FlowKit.Wire.Grpc.Jina;

/// <summary><c>jina.DataRequestListProto</c>, in the dialect that its first document tells, or in the one that is said.</summary>
/// <param name="dialect">The only dialect that is read; <see langword="null"/> to tell it by the first document, v1 without one.</param>
public sealed class DataRequestListMarshaller(DocArrayDialect? dialect = null) : GrpcMarshaller<JinaMessageList>
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
        var spoken = dialect ?? DialectDetection.DetectList(message) ?? DocArrayDialect.V1;
        return new JinaMessageList(DataRequestListCodec.Read(message, spoken), spoken);
    }
}
