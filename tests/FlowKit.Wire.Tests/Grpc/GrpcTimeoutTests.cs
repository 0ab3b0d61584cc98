namespace FlowKit.Wire.Grpc;

public sealed class GrpcTimeoutTests
{
    [Theory]
    [InlineData("1H", 3_600_000)]
    [InlineData("2M", 120_000)]
    [InlineData("3S", 3_000)]
    [InlineData("4m", 4)]
    [InlineData("5000u", 5)]
    [InlineData("6000000n", 6)]
    [InlineData("0S", 0)]
    [InlineData("99999999H", 24L * 24 * 3_600_000)]
    public void Every_unit_is_read(string text, long milliseconds)
    {
        Assert.True(GrpcTimeout.TryParse(text, out var timeout));
        Assert.Equal(milliseconds, timeout.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("1")]
    [InlineData("1s")]
    [InlineData("-1S")]
    [InlineData("+1S")]
    [InlineData("1.5S")]
    [InlineData(" 1S")]
    [InlineData("123456789S")]
    public void Anything_else_is_refused(string text) => Assert.False(GrpcTimeout.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0n")]
    [InlineData(1, "100n")]
    [InlineData(10_000, "1000000n")]
    [InlineData(10_000_000, "1000000u")]
    [InlineData(36_000_000_000, "3600000m")]
    [InlineData(10_000_000_000_001, "1000001S")]
    [InlineData(-5, "0n")]
    public void The_smallest_unit_that_holds_it_is_written(long ticks, string text) => Assert.Equal(text, GrpcTimeout.Format(new TimeSpan(ticks)));

    [Fact]
    public void What_is_written_is_never_shorter_and_is_read_again()
    {
        for (var ticks = 1L; ticks < TimeSpan.FromDays(24).Ticks; ticks = (ticks * 7) + 3)
        {
            Assert.True(GrpcTimeout.TryParse(GrpcTimeout.Format(new TimeSpan(ticks)), out var timeout));
            Assert.InRange(timeout.Ticks, ticks, ticks + (ticks / 1_000) + 1);
        }
    }
}
