using System.IO.Pipelines;
using System.Net;

namespace FlowKit.Wire.Grpc.Client;

/// <summary>Messages as they are written; the request ends when <see cref="Complete"/> is called.</summary>
internal sealed class StreamContent<T>(GrpcMarshaller<T> marshaller, GrpcEncoding encoding, int limit) : CallContent
{
    private static readonly StreamPipeWriterOptions s_options = new(minimumBufferSize: PieceSize, leaveOpen: true);

    private readonly TaskCompletionSource<GrpcMessageWriter<T>> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async ValueTask WriteAsync(T message, CancellationToken cancellationToken)
    {
        var writer = await _opened.Task.WaitAsync(cancellationToken);
        if (_completed.Task.IsCompleted)
        {
            throw new InvalidOperationException("This side of the call has been completed; nothing more can be written.");
        }

        await writer.WriteAsync(message, cancellationToken);
    }

    public void Complete() => _completed.TrySetResult();

    public override void End()
    {
        _opened.TrySetCanceled();
        _completed.TrySetCanceled();
    }

    /// <summary>The headers go out at once: a server may answer before it is told anything.</summary>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var output = PipeWriter.Create(stream, s_options);
        try
        {
            await stream.FlushAsync(cancellationToken);
        }
        catch
        {
            // A server that has ended the call before it was told anything: nobody may wait for a way to write.
            End();
            throw;
        }

        if (!_opened.TrySetResult(new GrpcMessageWriter<T>(output, marshaller, encoding, limit)))
        {
            throw new IOException("A stream that has begun cannot be sent again.");
        }

        await _completed.Task.WaitAsync(cancellationToken);
        await output.CompleteAsync();
    }
}
