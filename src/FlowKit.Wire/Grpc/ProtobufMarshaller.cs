using System.Buffers;
using Google.Protobuf;

namespace FlowKit.Wire.Grpc;

/// <summary>Small control messages, through the classes that protoc generates.</summary>
/// <typeparam name="T">The class.</typeparam>
internal sealed class ProtobufMarshaller<T> : GrpcMarshaller<T>
    where T : class, IMessage<T>, new()
{
    private static readonly MessageParser<T> s_parser = new(static () => new T());

    public static ProtobufMarshaller<T> Instance { get; } = new();

    public override int SizeOf(T message) => message.CalculateSize();

    public override void Write(T message, IBufferWriter<byte> writer) => message.WriteTo(writer);

    public override T Read(ReadOnlyMemory<byte> message)
    {
        try
        {
            return s_parser.ParseFrom(message.Span);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new InvalidDataException($"{typeof(T).Name}: {exception.Message}", exception);
        }
    }
}
