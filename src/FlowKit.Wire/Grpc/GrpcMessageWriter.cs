using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;

namespace FlowKit.Wire.Grpc;

/// <summary>Puts length-prefixed messages into the transport's buffers; for one writer at a time.</summary>
/// <typeparam name="T">The message.</typeparam>
/// <param name="output">The request's or response's body.</param>
/// <param name="marshaller">Makes bytes of messages.</param>
/// <param name="encoding">How messages are compressed.</param>
/// <param name="limit">The largest message in bytes, before it is compressed.</param>
public sealed class GrpcMessageWriter<T>(PipeWriter output, GrpcMarshaller<T> marshaller, GrpcEncoding encoding, int limit)
{
    private const int PrefixSize = 5;

    /// <summary>Writes a message and waits until the transport has room again: a slow peer slows the writer.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="GrpcException">The message is larger than the limit.</exception>
    /// <exception cref="InvalidOperationException">The marshaller wrote another number of bytes than it said.</exception>
    public ValueTask<FlushResult> WriteAsync(T message, CancellationToken cancellationToken)
    {
        Write(message);
        return output.FlushAsync(cancellationToken);
    }

    /// <summary>Writes a message that the transport sends when it likes.</summary>
    /// <param name="message">The message.</param>
    public void Write(T message)
    {
        var size = marshaller.SizeOf(message);
        if (size > limit)
        {
            throw new GrpcException(GrpcStatusCode.ResourceExhausted, $"A message of {size} bytes is larger than the limit of {limit} bytes.");
        }

        if (encoding == GrpcEncoding.Identity)
        {
            WritePrefix(0, size);
            var before = output.UnflushedBytes;
            marshaller.Write(message, output);
            Check(output.UnflushedBytes - before, size);
            return;
        }

        var plain = new ArrayBufferWriter<byte>(Math.Max(size, 1));
        marshaller.Write(message, plain);
        Check(plain.WrittenCount, size);
        var compressed = GrpcCompression.Compress(plain.WrittenSpan, encoding);
        WritePrefix(1, compressed.Length);
        output.Write(compressed.Span);
    }

    private static void Check(long written, int promised)
    {
        if (written != promised)
        {
            throw new InvalidOperationException($"The marshaller of {typeof(T).Name} wrote {written} bytes where it had promised {promised}.");
        }
    }

    private void WritePrefix(byte flag, int length)
    {
        var prefix = output.GetSpan(PrefixSize);
        prefix[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(prefix[1..], length);
        output.Advance(PrefixSize);
    }
}
