using System.Buffers;
using System.IO.Pipelines;

namespace FlowKit.Wire.Grpc;

public sealed class GrpcMessageTests
{
    private const int Limit = 32 << 20;

    [Theory]
    [InlineData(0, GrpcEncoding.Identity)]
    [InlineData(1, GrpcEncoding.Identity)]
    [InlineData((1 << 20) + 1, GrpcEncoding.Identity)]
    [InlineData((17 << 20) + 3, GrpcEncoding.Identity)]
    [InlineData(100_000, GrpcEncoding.Gzip)]
    [InlineData(100_000, GrpcEncoding.Deflate)]
    [InlineData(0, GrpcEncoding.Gzip)]
    public async Task A_message_comes_back_in_memory_of_its_own(int size, GrpcEncoding encoding)
    {
        var message = new byte[size];
        new Random(size).NextBytes(message);
        var wire = new MemoryStream();
        var output = PipeWriter.Create(wire, new StreamPipeWriterOptions(leaveOpen: true));
        var writer = new GrpcMessageWriter<ReadOnlyMemory<byte>>(output, BytesMarshaller.Instance, encoding, Limit);
        await writer.WriteAsync(message, CancellationToken.None);
        await writer.WriteAsync(message, CancellationToken.None);
        await output.CompleteAsync();
        wire.Position = 0;
        var reader = new GrpcMessageReader<ReadOnlyMemory<byte>>(wire, BytesMarshaller.Instance, encoding, Limit);

        Assert.True(await reader.MoveNextAsync(CancellationToken.None));
        var first = reader.Current;
        Assert.True(await reader.MoveNextAsync(CancellationToken.None));

        Assert.True(first.Span.SequenceEqual(message) && reader.Current.Span.SequenceEqual(message));
        Assert.True(size == 0 || !first.Span.Overlaps(reader.Current.Span));
        Assert.False(await reader.MoveNextAsync(CancellationToken.None));
    }

    [Fact]
    public void A_message_over_the_limit_is_not_sent()
    {
        var writer = new GrpcMessageWriter<ReadOnlyMemory<byte>>(PipeWriter.Create(new MemoryStream()), BytesMarshaller.Instance, GrpcEncoding.Identity, 10);

        Assert.Equal(GrpcStatusCode.ResourceExhausted, Assert.Throws<GrpcException>(() => writer.Write(new byte[11])).Status.Code);
    }

    [Fact]
    public void A_marshaller_that_writes_another_number_of_bytes_than_it_said_is_found_out()
    {
        var writer = new GrpcMessageWriter<int>(PipeWriter.Create(new MemoryStream()), new Liar(), GrpcEncoding.Identity, 10);

        Assert.Contains("promised 4", Assert.Throws<InvalidOperationException>(() => writer.Write(3)).Message, StringComparison.Ordinal);
    }

    private sealed class Liar : GrpcMarshaller<int>
    {
        public override int SizeOf(int message) => 4;

        public override void Write(int message, IBufferWriter<byte> writer) => writer.Write(new byte[message]);

        public override int Read(ReadOnlyMemory<byte> message) => message.Length;
    }
}
