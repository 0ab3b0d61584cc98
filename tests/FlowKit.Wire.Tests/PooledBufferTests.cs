using System.Buffers;

namespace FlowKit.Wire.Tests;

public sealed class PooledBufferTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(5_000_000)]
    public void What_is_written_is_there_whatever_its_size(int first)
    {
        var bytes = new byte[3_000_000];
        new Random(1).NextBytes(bytes);
        using var buffer = new PooledBuffer(first);

        for (var at = 0; at < bytes.Length; at += 7000)
        {
            buffer.Write(bytes.AsSpan(at, Math.Min(7000, bytes.Length - at)));
        }

        Assert.True(buffer.Written.Span.SequenceEqual(bytes));
        buffer.Clear();
        bytes.AsMemory(0, 100).CopyTo(buffer.GetMemory(100));
        buffer.Advance(100);
        Assert.True(buffer.Written.Span.SequenceEqual(bytes.AsSpan(0, 100)));
    }

    [Fact]
    public void Nothing_is_kept_of_a_large_one()
    {
        using (var buffer = new PooledBuffer(200_000_000))
        {
            buffer.GetSpan(100)[0] = 1;
        }

        // From the pool it would be the very array.
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        using var other = new PooledBuffer(200_000_000);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 1_000_000);
    }

    [Fact]
    public void More_than_a_message_holds_is_an_error_with_its_size()
    {
        using var buffer = new PooledBuffer(1, null, "The reply");
        buffer.GetSpan(10);
        buffer.Advance(10);

        var error = Assert.Throws<FlowKitException>(() => buffer.GetSpan(int.MaxValue)).Error;

        Assert.Equal(FlowErrorCode.ResourceExhausted, error.Code);
        Assert.Contains("The reply would take more than 2147483657 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_share_pays_for_what_is_announced_and_for_what_is_written()
    {
        var share = new Share(1_000_000);
        using (var announced = new PooledBuffer(500_000, share))
        {
            Assert.InRange(share.Held, 400_000, 500_000);
        }

        Assert.Equal(0, share.Held);
        Assert.Throws<FlowKitException>(() => new PooledBuffer(2_000_000, share));
        using (var grown = new PooledBuffer(1, share))
        {
            grown.GetSpan(50_000_000);
            Assert.Equal(0, share.Held);
            grown.Advance(600_000);
            Assert.InRange(share.Held, 500_000, 700_000);
            Assert.Throws<FlowKitException>(() => grown.Advance(600_000));
        }

        Assert.Equal(0, share.Held);
    }

    private sealed class Share(long limit) : IMemoryShare
    {
        public long Held { get; private set; }

        public FlowError? TryTake(long bytes, string purpose)
        {
            if (Held + bytes > limit)
            {
                return new FlowError(FlowErrorCode.ResourceExhausted, $"{purpose} needs {bytes} bytes.");
            }

            Held += bytes;
            return null;
        }

        public void Return(long bytes) => Held -= bytes;
    }
}
