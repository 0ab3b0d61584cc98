using System.Buffers;

namespace FlowKit.Wire.Grpc;

/// <summary>Messages as they are, for passing them on undecoded.</summary>
public sealed class BytesMarshaller : GrpcMarshaller<ReadOnlyMemory<byte>>
{
    private BytesMarshaller()
    {
    }

    /// <summary>The only one.</summary>
    public static BytesMarshaller Instance { get; } = new();

    /// <inheritdoc/>
    public override int SizeOf(ReadOnlyMemory<byte> message) => message.Length;

    /// <inheritdoc/>
    public override void Write(ReadOnlyMemory<byte> message, IBufferWriter<byte> writer) => writer.Write(message.Span);

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Read(ReadOnlyMemory<byte> message) => message;
}
