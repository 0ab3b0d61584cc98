using System.Buffers;
using System.Runtime.InteropServices;
using FlowKit.Wire;

namespace FlowKit.Client;

public sealed class PooledContentTests
{
    private const int Size = 4096;

    [Fact]
    public async Task A_body_that_is_still_sent_is_given_to_nobody_else()
    {
        var body = new PooledBuffer(Size);
        body.GetSpan(Size)[..Size].Fill(7);
        body.Advance(Size);
        MemoryMarshal.TryGetArray(body.Written, out var mine);
        using var stream = new SlowStream();
        var content = new PooledContent(body);
        var sending = content.CopyToAsync(stream);

        content.Dispose();
        content.Dispose();
        var others = Enumerable.Range(0, 100).Select(_ => ArrayPool<byte>.Shared.Rent(mine.Array!.Length)).ToList();
        others.ForEach(other => other.AsSpan().Clear());
        stream.Go.SetResult();
        await sending;

        Assert.DoesNotContain(mine.Array, others);
        Assert.Equal(Enumerable.Repeat((byte)7, Size), stream.Written);
        others.ForEach(other => ArrayPool<byte>.Shared.Return(other));
    }

    [Fact]
    public async Task A_body_that_is_given_back_is_not_sent()
    {
        var content = new PooledContent(new PooledBuffer());
        content.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => content.CopyToAsync(new MemoryStream()));
    }

    private sealed class SlowStream : MemoryStream
    {
        public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public byte[] Written => ToArray();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Go.Task;
            Write(buffer.Span);
        }
    }
}
