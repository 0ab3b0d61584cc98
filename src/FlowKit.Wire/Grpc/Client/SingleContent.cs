using System.IO.Pipelines;
using System.Net;

namespace FlowKit.Wire.Grpc.Client;

/// <summary>One message; it can be sent again when the server never saw it.</summary>
internal sealed class SingleContent<T>(T message, GrpcMarshaller<T> marshaller, GrpcEncoding encoding, int limit) : CallContent
{
    private static readonly StreamPipeWriterOptions s_options = new(minimumBufferSize: PieceSize, leaveOpen: true);

    public override void End()
    {
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var output = PipeWriter.Create(stream, s_options);
        try
        {
            await new GrpcMessageWriter<T>(output, marshaller, encoding, limit).WriteAsync(message, cancellationToken);
        }
        catch (Exception exception)
        {
            await output.CompleteAsync(exception);
            throw;
        }

        await output.CompleteAsync();
    }
}
