using System.Buffers;
using System.IO.Compression;

namespace FlowKit.Wire.Grpc;

/// <summary>Names, writes and reads compressed messages.</summary>
public static class GrpcCompression
{
    /// <summary>Every encoding that is understood, as <c>grpc-accept-encoding</c> lists them.</summary>
    public const string Accepted = "identity,deflate,gzip";

    private const int FirstSize = 16 * 1024;

    /// <summary>An encoding's name in headers.</summary>
    /// <param name="encoding">The encoding.</param>
    public static string NameOf(GrpcEncoding encoding) => encoding switch
    {
        GrpcEncoding.Deflate => "deflate",
        GrpcEncoding.Gzip => "gzip",
        _ => "identity",
    };

    /// <summary>Finds an encoding by its name.</summary>
    /// <param name="name">The name; nothing means identity.</param>
    /// <param name="encoding">The encoding.</param>
    /// <returns>Whether it is understood.</returns>
    public static bool TryFind(string? name, out GrpcEncoding encoding)
    {
        encoding = name switch
        {
            "gzip" => GrpcEncoding.Gzip,
            "deflate" => GrpcEncoding.Deflate,
            _ => GrpcEncoding.Identity,
        };
        return encoding != GrpcEncoding.Identity || name is null or "" or "identity";
    }

    /// <summary>Whether a peer's <c>grpc-accept-encoding</c> holds an encoding.</summary>
    /// <param name="accepted">The header's value.</param>
    /// <param name="encoding">The encoding.</param>
    public static bool Accepts(string? accepted, GrpcEncoding encoding) =>
        encoding == GrpcEncoding.Identity || (accepted?.Split(',', StringSplitOptions.TrimEntries).Contains(NameOf(encoding), StringComparer.Ordinal) ?? false);

    internal static ReadOnlyMemory<byte> Compress(ReadOnlySpan<byte> message, GrpcEncoding encoding)
    {
        var compressed = new MemoryStream();
        using (Stream stream = encoding == GrpcEncoding.Gzip
            ? new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true)
            : new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            stream.Write(message);
        }

        return compressed.GetBuffer().AsMemory(0, (int)compressed.Length);
    }

    /// <summary>Never holds more than twice the limit, whatever a few bytes claim to become.</summary>
    internal static byte[] Decompress(byte[] compressed, GrpcEncoding encoding, int limit)
    {
        using var source = new MemoryStream(compressed, writable: false);
        using Stream stream = encoding == GrpcEncoding.Gzip ? new GZipStream(source, CompressionMode.Decompress) : new ZLibStream(source, CompressionMode.Decompress);
        var buffer = ArrayPool<byte>.Shared.Rent(FirstSize);
        try
        {
            var length = 0;
            for (int read; (read = stream.Read(buffer.AsSpan(length))) > 0;)
            {
                length += read;
                if (length > limit)
                {
                    throw new GrpcException(GrpcStatusCode.ResourceExhausted, $"A compressed message is larger than the limit of {limit} bytes.");
                }

                buffer = length < buffer.Length ? buffer : Grow(buffer);
            }

            return buffer.AsSpan(0, length).ToArray();
        }
        catch (InvalidDataException exception)
        {
            throw new GrpcException(GrpcStatusCode.Internal, $"A message is not valid {NameOf(encoding)}: {exception.Message}", exception);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(buffer.Length * 2L, Array.MaxLength));
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
