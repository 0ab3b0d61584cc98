using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;

namespace FlowKit.Wire.Grpc;

/// <summary>Takes length-prefixed messages from a stream, one after the other; for one reader at a time.</summary>
/// <typeparam name="T">The message.</typeparam>
/// <param name="input">The request's or response's body.</param>
/// <param name="marshaller">Makes messages of bytes.</param>
/// <param name="encoding">How the peer says it compresses.</param>
/// <param name="limit">The largest message in bytes, before and after it is decompressed.</param>
public sealed class GrpcMessageReader<T>(PipeReader input, GrpcMarshaller<T> marshaller, GrpcEncoding encoding, int limit)
{
    private const int PrefixSize = 5;

    private readonly Stream? _beneath;
    private bool _isAtEnd;

    /// <summary>Takes messages from a stream that has no pipe of its own; what is large is read past the pipe.</summary>
    /// <param name="input">The response's body, which stays the caller's to close.</param>
    /// <param name="marshaller">Makes messages of bytes.</param>
    /// <param name="encoding">How the peer says it compresses.</param>
    /// <param name="limit">The largest message in bytes, before and after it is decompressed.</param>
    public GrpcMessageReader(Stream input, GrpcMarshaller<T> marshaller, GrpcEncoding encoding, int limit)
        : this(PipeReader.Create(input, new StreamPipeReaderOptions(leaveOpen: true)), marshaller, encoding, limit) => _beneath = input;

    /// <summary>The message that the last successful <see cref="MoveNextAsync"/> read.</summary>
    public T Current { get; private set; } = default!;

    /// <summary>Reads the next message; one that has come whole already is taken without waiting.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether there was one; otherwise the peer has ended its side well.</returns>
    /// <exception cref="GrpcException">The bytes are no message: cut off, too large, or compressed in another way than said.</exception>
    public ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        if (_isAtEnd)
        {
            return new ValueTask<bool>(false);
        }

        if (input.TryRead(out var arrived))
        {
            if (TryTake(arrived))
            {
                return new ValueTask<bool>(true);
            }

            // Nothing counts as looked at, so that the next read finds it again.
            input.AdvanceTo(arrived.Buffer.Start);
        }

        return WaitAsync(cancellationToken);
    }

    private async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        var arrived = await input.ReadAtLeastAsync(PrefixSize, cancellationToken);
        var got = arrived.Buffer.Length;
        if (got < PrefixSize)
        {
            input.AdvanceTo(arrived.Buffer.End);
            _isAtEnd = got == 0;
            return _isAtEnd ? false : throw CutOff(got, PrefixSize);
        }

        if (TryTake(arrived))
        {
            return true;
        }

        var (flag, length) = Prefix(arrived.Buffer);
        input.AdvanceTo(arrived.Buffer.GetPosition(PrefixSize));
        Accept(flag, length <= GrpcPart.Size ? await ReadSmallAsync(length, cancellationToken) : await ReadLargeAsync(length, cancellationToken));
        return true;
    }

    /// <summary>Takes a message that has come whole.</summary>
    private bool TryTake(ReadResult arrived)
    {
        var bytes = arrived.Buffer;
        if (bytes.Length < PrefixSize)
        {
            return false;
        }

        var (flag, length) = Prefix(bytes);
        if (bytes.Length < PrefixSize + (long)length)
        {
            return false;
        }

        var message = bytes.Slice(PrefixSize, length);
        var own = message.ToArray();
        _isAtEnd = arrived.IsCompleted && bytes.Length == PrefixSize + length;
        input.AdvanceTo(message.End);
        Accept(flag, own);
        return true;
    }

    private void Accept(byte flag, byte[] bytes) => Current = marshaller.Read(flag == 0 ? bytes : GrpcCompression.Decompress(bytes, encoding, limit));

    private (byte Flag, int Length) Prefix(ReadOnlySequence<byte> bytes)
    {
        Span<byte> prefix = stackalloc byte[PrefixSize];
        bytes.Slice(0, PrefixSize).CopyTo(prefix);
        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        Check(prefix[0], length);
        return (prefix[0], (int)length);
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
        var filled = 0;
        while (filled < target.Length)
        {
            var got = await ReadAsync(target[filled..], cancellationToken);
            filled += got;
            if (got == 0)
            {
                throw CutOff(before + filled, length);
            }
        }
    }

    /// <summary>Reads some bytes; 0 only at the end. What the pipe does not hold yet is read without it, where that is possible.</summary>
    private async ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (!input.TryRead(out var arrived))
            {
                if (_beneath is not null)
                {
                    return await _beneath.ReadAsync(target, cancellationToken);
                }

                arrived = await input.ReadAsync(cancellationToken);
            }

            var bytes = arrived.Buffer.Length > target.Length ? arrived.Buffer.Slice(0, target.Length) : arrived.Buffer;
            var got = (int)bytes.Length;
            bytes.CopyTo(target.Span);
            input.AdvanceTo(bytes.End);
            if (got > 0 || arrived.IsCompleted)
            {
                return got;
            }
        }
    }
}
