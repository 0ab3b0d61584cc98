using System.Net;

namespace FlowKit.Wire.Grpc.Client;

/// <summary>A request's messages on their way; its length is never known before its end.</summary>
internal abstract class CallContent : HttpContent
{
    /// <summary>How large the pieces are in which messages reach the connection.</summary>
    protected const int PieceSize = 32 * 1024;

    /// <summary>Lets go of what waits for the stream.</summary>
    public abstract void End();

    protected sealed override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected sealed override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected abstract override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken);
}
