using System.Buffers;
using System.Buffers.Binary;

namespace FlowKit.Wire.Grpc;

/// <summary>Takes length-prefixed messages from a stream, one after the other; for one reader at a time.</summary>
/// <typeparam name="T">The message.</typeparam>
/// <param name="input">The request's or response's body.</param>
/// <param name="marshaller">Makes messages of bytes.</param>
/// <param name="encoding">How the peer says it compresses.</param>
/// <param name="limit">The largest message in bytes, before and after it is decompressed.</param>
public sealed class GrpcMessageReader<T>(Stream input, GrpcMarshaller<T> marshaller, GrpcEncoding encoding, int limit)
{
    private const int PrefixSize = 5;

    private readonly byte[] _prefix = new byte[PrefixSize];

    /// <summary>The message that the last successful <see cref="MoveNextAsync"/> read.</summary>
    public T Current { get; private set; } = default!;

    /// <summary>Reads the next message.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether there was one; otherwise the peer has ended its side well.</returns>
    /// <exception cref="GrpcException">The bytes are no message: cut off, too large, or compressed in another way than said.</exception>
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        var got = await input.ReadAtLeastAsync(_prefix, PrefixSize, throwOnEndOfStream: false, cancellationToken);
        if (got < PrefixSize)
        {
            return got == 0 ? false : throw CutOff(got, PrefixSize);
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(_prefix.AsSpan(1));
        Check(_prefix[0], length);
        var bytes = length == 0 ? [] : length <= GrpcPart.Size ? await ReadSmallAsync((int)length, cancellationToken) : await ReadLargeAsync((int)length, cancellationToken);
        Current = marshaller.Read(_prefix[0] == 0 ? bytes : GrpcCompression.Decompress(bytes, encoding, limit));
        return true;
    }

    private static GrpcException CutOff(long got, long wanted) =>
        new(GrpcStatusCode.Internal, $"The stream ended inside a message, after {got} of {wanted} bytes.");

    private void Check(byte flag, uint length)
    {
        if (flag > 1)
        {
            throw new GrpcException(GrpcStatusCode.Internal, $"A message begins with {flag}; 0 and 1 (compressed) are the only flags.");
        }

        if (flag == 1 && encoding == GrpcEncoding.Identity)
        {
            throw new GrpcException(GrpcStatusCode.Internal, $"A message is compressed, but {GrpcHeaders.Encoding} does not say how.");
        }

        if (length > limit)
        {
            throw new GrpcException(GrpcStatusCode.ResourceExhausted, $"A message of {length} bytes is larger than the limit of {limit} bytes.");
        }
    }

    private async ValueTask<byte[]> ReadSmallAsync(int length, CancellationToken cancellationToken)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(length);
        await FillAsync(bytes, 0, length, cancellationToken);
        return bytes;
    }

    /// <summary>A length is only a claim: memory for the whole is taken when an eighth of it has come, so what is claimed costs what is sent.</summary>
    private async ValueTask<byte[]> ReadLargeAsync(int length, CancellationToken cancellationToken)
    {
        var parts = new List<byte[]>();
        try
        {
            while (parts.Count * (long)GrpcPart.Size < length / GrpcPart.Trusted)
            {
                var part = ArrayPool<byte>.Shared.Rent(GrpcPart.Size);
                parts.Add(part);
                await FillAsync(part.AsMemory(0, GrpcPart.Size), (parts.Count - 1) * GrpcPart.Size, length, cancellationToken);
            }

            var bytes = GC.AllocateUninitializedArray<byte>(length);
            for (var index = 0; index < parts.Count; index++)
            {
                parts[index].AsSpan(0, GrpcPart.Size).CopyTo(bytes.AsSpan(index * GrpcPart.Size));
            }

            var known = parts.Count * GrpcPart.Size;
            await FillAsync(bytes.AsMemory(known), known, length, cancellationToken);
            return bytes;
        }
        finally
        {
            parts.ForEach(part => ArrayPool<byte>.Shared.Return(part));
        }
    }

    private async ValueTask FillAsync(Memory<byte> target, int before, int length, CancellationToken cancellationToken)
    {
        var got = await input.ReadAtLeastAsync(target, target.Length, throwOnEndOfStream: false, cancellationToken);
        if (got < target.Length)
        {
            throw CutOff(before + got, length);
        }
    }
}
