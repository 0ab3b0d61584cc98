using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using FlowKit.Runtime;
using FlowKit.Serving.Dispatch;
using FlowKit.Wire;

namespace FlowKit.Serving.Grpc;

/// <summary>
/// The five bytes before the message of a call that has one. They are looked at before the library reads the message, since it has no words
/// for a size or a flag that is wrong; nothing of the body is taken.
/// </summary>
internal static class GrpcPrefix
{
    private const int Size = 5;

    /// <summary>Finds what is wrong with the message that comes; <see langword="null"/> for what the library sees by itself.</summary>
    /// <param name="body">The body of the request.</param>
    /// <param name="limit">The largest message in bytes.</param>
    /// <param name="share">Pays for the message, and for what it becomes; <see langword="null"/> where nobody counts.</param>
    /// <param name="cancellationToken">Ends when the caller has gone.</param>
    public static async ValueTask<FlowError?> FindFaultAsync(
        PipeReader body, int limit, MemoryShare? share, CancellationToken cancellationToken)
    {
        try
        {
            var arrived = await body.ReadAtLeastAsync(Size, cancellationToken);
            var fault = arrived.Buffer.Length >= Size ? FaultOf(arrived.Buffer, limit, share) : null;
            body.AdvanceTo(arrived.Buffer.Start);
            return fault;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return null;
        }
    }

    private static FlowError? FaultOf(ReadOnlySequence<byte> bytes, int limit, MemoryShare? share)
    {
        Span<byte> prefix = stackalloc byte[Size];
        bytes.Slice(0, Size).CopyTo(prefix);
        if (prefix[0] > 1)
        {
            return new FlowError(FlowErrorCode.Internal, $"A message begins with {prefix[0]}; 0 and 1 (compressed) are the only flags.");
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (length > limit)
        {
            return new FlowError(
                FlowErrorCode.ResourceExhausted, $"A message of {length} bytes is larger than the limit of {limit} bytes.");
        }

        // How large a compressed one is nobody knows yet.
        var unpacked = prefix[0] == 0 ? length : Math.Min(limit, Math.Max(UnpackingRatio.FreeBytes, UnpackingRatio.Max * (long)length));
        return RequestWeight.OfProto(unpacked) is > 0 and var weight ? share?.TryTake(weight, "A message") : null;
    }
}
