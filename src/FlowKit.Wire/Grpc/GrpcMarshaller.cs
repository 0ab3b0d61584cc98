using System.Buffers;
using Grpc.Core;

namespace FlowKit.Wire.Grpc;

/// <summary>Turns one type of message into bytes and back; without state, for all calls at once.</summary>
/// <typeparam name="T">The message.</typeparam>
public abstract class GrpcMarshaller<T>
    where T : class
{
    /// <summary>Measures how many bytes <see cref="Write"/> will write, exactly.</summary>
    /// <param name="message">The message.</param>
    public abstract int SizeOf(T message);

    /// <summary>Writes a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="writer">The transport's own buffers.</param>
    public abstract void Write(T message, IBufferWriter<byte> writer);

    /// <summary>Reads a message.</summary>
    /// <param name="message">Its bytes, in memory that is the message's own: never pooled, so that parts of it may be kept.</param>
    /// <exception cref="InvalidDataException">The bytes are not such a message; the text says where.</exception>
    public abstract T Read(ReadOnlyMemory<byte> message);

    /// <summary>Serves the requests of a method: one that a server cannot read is its caller's mistake.</summary>
    public Marshaller<T> ForRequests() => new(Serialize, context => Deserialize(context, isReply: false));

    /// <summary>Serves the replies of a method: one that a client cannot read is the server's mistake.</summary>
    public Marshaller<T> ForReplies() => new(Serialize, context => Deserialize(context, isReply: true));

    /// <summary>Says the size first, so that bytes go straight into the transport's buffers, and none of what cannot be measured.</summary>
    private void Serialize(T message, SerializationContext context)
    {
        try
        {
            context.SetPayloadLength(SizeOf(message));
        }
        catch (FlowKitException exception)
        {
            throw RpcErrors.Create(GrpcStatusMap.CodeOf(exception.Error.Code), exception.Message, cause: exception);
        }

        Write(message, context.GetBufferWriter());
        context.Complete();
    }

    /// <summary>Copies the message once: the transport's memory is its own again afterwards.</summary>
    private T Deserialize(DeserializationContext context, bool isReply)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(context.PayloadLength);
        context.PayloadAsReadOnlySequence().CopyTo(bytes);
        try
        {
            return Read(bytes);
        }
        catch (Exception exception) when (exception is FlowKitException or InvalidDataException)
        {
            throw isReply
                ? RpcErrors.Create(StatusCode.Internal, $"A reply cannot be read: {exception.Message}", cause: exception)
                : RpcErrors.Create(CodeOf(exception), exception.Message, cause: exception);
        }
    }

    private static StatusCode CodeOf(Exception exception) =>
        exception is FlowKitException known ? GrpcStatusMap.CodeOf(known.Error.Code) : StatusCode.InvalidArgument;
}
