namespace FlowKit.Orchestration.Devices;

public sealed class VisibleGpusTests
{
    private static readonly VisibleGpus s_two = new([new GpuDevice("NVIDIA A100", "GPU-0aaa"), new GpuDevice("NVIDIA A100", "GPU-0bbb")], "0,1");

    [Theory]
    [InlineData("1", 1)]
    [InlineData("GPU-0B", 1)]
    [InlineData("gpu-0aaa", 0)]
    public void A_device_is_found_by_number_or_by_the_beginning_of_its_uuid(string name, int ordinal) => Assert.Equal(ordinal, s_two.Find(name));

    [Theory]
    [InlineData("2", "cuda:2 is not there: this process sees cuda:0 (NVIDIA A100, GPU-0aaa), cuda:1 (NVIDIA A100, GPU-0bbb) under its CUDA_VISIBLE_DEVICES '0,1'.")]
    [InlineData("-1", "cuda:-1 is not there")]
    [InlineData("GPU-1", "GPU-1 is not there")]
    [InlineData("MIG-1", "CUDA shows one MIG device to a process")]
    [InlineData("GPU-0", "'GPU-0' could be cuda:0 or cuda:1")]
    [InlineData("", " is not there")]
    public void One_that_is_not_there_or_could_be_several_is_told_with_what_is(string name, string message) =>
        Assert.Contains(message, Assert.Throws<FlowKitException>(() => s_two.Find(name)).Message, StringComparison.Ordinal);

    [Fact]
    public void Without_any_that_is_said() => Assert.Contains("this process sees no GPU", Assert.Throws<FlowKitException>(() => new VisibleGpus([]).Find("0")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("RR1:2:0")]
    [InlineData("RR1:2:3:4")]
    [InlineData("RR1:x")]
    [InlineData("RR0,,2")]
    [InlineData("0,a b")]
    public void A_value_of_CUDA_VISIBLE_DEVICES_that_has_none_of_the_forms_shows_them(string value)
    {
        var error = Assert.Throws<FlowKitException>(() => CudaVisibleDevices.Parse(value));

        Assert.Contains($"CUDA_VISIBLE_DEVICES: '{value}' cannot be read; expected ordinals or UUIDs", error.Message, StringComparison.Ordinal);
    }
}
