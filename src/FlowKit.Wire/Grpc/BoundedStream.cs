using Grpc.Core;

namespace FlowKit.Wire.Grpc;

/// <summary>Reads an unpacked message up to a limit; what is damaged, or larger, becomes the status that a caller is told.</summary>
/// <param name="inner">The unpacked bytes; closed with it.</param>
/// <param name="packed">Counts what they are unpacked of; <see langword="null"/> where their ratio has no limit.</param>
/// <param name="encoding">How they were packed, for errors.</param>
/// <param name="limit">How many there may be.</param>
internal sealed class BoundedStream(Stream inner, CountedStream? packed, string encoding, int limit) : ReadingStream
{
    private long _read;

    public override int Read(Span<byte> buffer)
    {
        try
        {
            var read = inner.Read(buffer);
            _read += read;
            if (packed is not null && UnpackingRatio.IsPassed(packed.Count, _read))
            {
                throw RpcErrors.Create(
                    StatusCode.ResourceExhausted,
                    $"A compressed message unpacks to more than {UnpackingRatio.Max} times its size; send it uncompressed.");
            }

            return _read <= limit
                ? read
                : throw RpcErrors.Create(StatusCode.ResourceExhausted, $"A compressed message is larger than the limit of {limit} bytes.");
        }
        catch (InvalidDataException exception)
        {
            throw RpcErrors.Create(StatusCode.Internal, $"A message is not valid {encoding}: {exception.Message}", cause: exception);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
