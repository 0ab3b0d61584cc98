using FlowKit.Wire.Grpc.Client;

namespace FlowKit.Wire.Grpc;

public sealed class StreamContentTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Nobody_waits_for_a_way_to_write_to_a_call_that_ended_before_it_began()
    {
        var content = new StreamContent<ReadOnlyMemory<byte>>(BytesMarshaller.Instance, GrpcEncoding.Identity, int.MaxValue);
        var writing = content.WriteAsync(new byte[1], CancellationToken.None).AsTask();

        await Assert.ThrowsAnyAsync<Exception>(() => content.CopyToAsync(new ClosedStream()));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.WaitAsync(s_limit));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => content.WriteAsync(new byte[1], CancellationToken.None).AsTask().WaitAsync(s_limit));
    }

    private sealed class ClosedStream : MemoryStream
    {
        public override Task FlushAsync(CancellationToken cancellationToken) => Task.FromException(new IOException("The server has ended the call."));
    }
}
