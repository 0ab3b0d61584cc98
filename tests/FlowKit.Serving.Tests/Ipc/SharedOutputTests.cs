using System.Buffers;

namespace FlowKit.Serving.Ipc;

public sealed class SharedOutputTests
{
    private const int Limit = 4 << 20;

    [Fact]
    public void Nobody_who_opens_it_can_cut_it_off_or_make_it_longer()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var output = Assert.IsType<SharedOutput>(SharedOutput.TryCreate(Limit));
        using var other = File.OpenHandle($"/proc/self/fd/{output.File}", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);

        Assert.All([0L, 4096, Limit - 1, Limit + 1, 1L << 32], length =>
            Assert.Throws<UnauthorizedAccessException>(() => RandomAccess.SetLength(other, length)));
        Assert.Equal(Limit, RandomAccess.GetLength(other));
    }

    [Fact]
    public void It_holds_messages_up_to_its_limit_and_none_that_is_larger()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var output = Assert.IsType<SharedOutput>(SharedOutput.TryCreate(Limit));
        using var input = Assert.IsType<SharedInput>(SharedInput.TryOpen(Environment.ProcessId, output.File));

        foreach (var size in new[] { 10, 1_500_000, 10, Limit - 10_000, Limit })
        {
            var message = TestIpc.Message(size);

            Assert.Equal(size < Limit, output.TryWrite(message));

            if (size < Limit)
            {
                var expected = new ArrayBufferWriter<byte>();
                message.Write(expected);
                var read = new byte[message.Size];
                input.Read(read);
                Assert.True(expected.WrittenSpan.SequenceEqual(read));
            }
        }
    }
}
