using FlowKit.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace FlowKit.Orchestration.Devices;

/// <summary>What is told of the memory of GPUs, of what <c>nvidia-smi</c> prints.</summary>
public sealed class GpuMeterTests
{
    private const string Printed = """
        GPU-5d5ba0d6-d33d-2b2c-524d-9e3d8d2b8a77, 1024, 81559, 37, NVIDIA H100 80GB HBM3
        GPU-69a0f1b2-0000-1111-2222-333344445555, [N/A], 40960, [Not Supported], NVIDIA A100, sliced

        """;

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Memory_and_use_are_read_and_what_is_not_told_is_left_out()
    {
        var gpus = GpuUse.Parse(Printed.ReplaceLineEndings("\r\n"));

        Assert.Equal(
            [
                new GpuUse("GPU-5d5ba0d6-d33d-2b2c-524d-9e3d8d2b8a77", "NVIDIA H100 80GB HBM3", 1024L << 20, 81559L << 20, 0.37),
                new GpuUse("GPU-69a0f1b2-0000-1111-2222-333344445555", "NVIDIA A100, sliced", null, 40960L << 20, null),
            ],
            gpus);
    }

    [Theory]
    [InlineData("")]
    [InlineData("No devices were found")]
    [InlineData("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.")]
    public void Other_words_are_no_GPU(string text) => Assert.Empty(GpuUse.Parse(text));

    [Fact]
    public async Task Whoever_looks_gets_what_was_read_and_has_it_read_again_five_seconds_later()
    {
        var reads = 0;
        var meter = new GpuMeter(_ => Task.FromResult<string?>(Printed.Replace("1024", $"{++reads}", StringComparison.Ordinal)), _time);

        Assert.Empty(meter.Known());
        await TestTimeout.UntilAsync(() => meter.Known().Count == 2, "the first reading");
        Assert.Equal(1L << 20, meter.Known()[0].UsedBytes);
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal((1L << 20, 1), (meter.Known()[0].UsedBytes, reads));
        _time.Advance(TimeSpan.FromSeconds(1));
        await TestTimeout.UntilAsync(() => meter.Known()[0].UsedBytes == 2L << 20, "the second reading");
    }

    [Fact]
    public async Task Where_there_is_no_driver_it_is_asked_for_once()
    {
        var asked = 0;
        var meter = new GpuMeter(
            _ =>
            {
                asked++;
                return Task.FromResult<string?>(null);
            },
            _time);
        meter.Known();
        await TestTimeout.UntilAsync(() => asked == 1, "the question");

        for (var i = 0; i < 3; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(20);
            Assert.Empty(meter.Known());
        }

        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_reading_that_fails_tells_nothing_and_is_made_again()
    {
        var printed = new Queue<string?>([Printed, null, Printed]);
        var meter = new GpuMeter(_ => Task.FromResult(printed.Dequeue()), _time);
        foreach (var count in (int[])[2, 0, 2])
        {
            await TestTimeout.UntilAsync(() => meter.Known().Count == count, $"{count} GPUs");
            _time.Advance(TimeSpan.FromSeconds(5));
        }
    }
}
