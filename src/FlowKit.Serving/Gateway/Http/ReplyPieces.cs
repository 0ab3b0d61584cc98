using Microsoft.AspNetCore.Http;

namespace FlowKit.Serving.Gateway.Http;

/// <summary>Writes a reply in pieces: the connection would copy all of it before it waits for its reader.</summary>
internal static class ReplyPieces
{
    private const int Piece = 256 << 10;

    /// <summary>Writes a reply.</summary>
    public static async Task WriteAsync(HttpResponse response, ReadOnlyMemory<byte> reply, CancellationToken cancellationToken)
    {
        for (; reply.Length > Piece; reply = reply[Piece..])
        {
            await response.BodyWriter.WriteAsync(reply[..Piece], cancellationToken);
        }

        await response.BodyWriter.WriteAsync(reply, cancellationToken);
    }
}
