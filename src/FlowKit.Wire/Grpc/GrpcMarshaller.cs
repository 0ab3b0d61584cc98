using System.Buffers;

namespace FlowKit.Wire.Grpc;

/// <summary>How one type of message becomes bytes and comes back; without state, for all calls at once.</summary>
/// <typeparam name="T">The message.</typeparam>
public abstract class GrpcMarshaller<T>
{
    /// <summary>How many bytes <see cref="Write"/> will write, exactly.</summary>
    /// <param name="message">The message.</param>
    public abstract int SizeOf(T message);

    /// <summary>Writes a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="writer">The transport's own buffers.</param>
    public abstract void Write(T message, IBufferWriter<byte> writer);

    /// <summary>Reads a message.</summary>
    /// <param name="message">Its bytes, in memory that is the message's own: allocated for it once, never pooled, so that parts of it may be kept.</param>
    /// <exception cref="InvalidDataException">The bytes are not such a message; the text says where.</exception>
    public abstract T Read(ReadOnlyMemory<byte> message);
}
