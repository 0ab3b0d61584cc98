namespace FlowKit.Orchestration.Devices;

public sealed class CudaVisibleDevicesTests
{
    private const string FourGpus = "GPU-0aaaaaaa-74d2-7297-d557-12771b6a79d5,GPU-0bbbbbbb-74d2-7297-d557-12771b6a79d5,GPU-0ccccccc-74d2-7297-d557-12771b6a79d5,GPU-0ddddddd-74d2-7297-d557-12771b6a79d5";

    /// <summary>The fifteen cases of Jina 3's table of devices by replica.</summary>
    [Theory]
    [InlineData("1", 1, null, 3)]
    [InlineData("1", 2, null, 3)]
    [InlineData("1,2", 2, null, 3)]
    [InlineData("RR", 2, "0 1", 3)]
    [InlineData("RR", 5, "0 1 2 0 1", 3)]
    [InlineData("RR1:", 5, "1 2 1 2 1", 3)]
    [InlineData("RR0:2", 5, "0 1 0 1 0", 3)]
    [InlineData("RR1:2", 2, "1 1", 3)]
    [InlineData("RR2", 2, "2 2", 3)]
    [InlineData("RRUUID1", 2, "UUID1 UUID1", 3)]
    [InlineData("RR1:2", 1, "1", 3)]
    [InlineData("RR0,2,3", 3, "0 2 3", 4)]
    [InlineData("RR0,2,3", 5, "0 2 3 0 2", 4)]
    [InlineData("RRUUID1,UUID2,UUID3", 5, "UUID1 UUID2 UUID3 UUID1 UUID2", 4)]
    [InlineData("RR" + FourGpus, 5, "GPU-0aaaaaaa-74d2-7297-d557-12771b6a79d5 GPU-0bbbbbbb-74d2-7297-d557-12771b6a79d5 GPU-0ccccccc-74d2-7297-d557-12771b6a79d5 GPU-0ddddddd-74d2-7297-d557-12771b6a79d5 GPU-0aaaaaaa-74d2-7297-d557-12771b6a79d5", 4)]
    public void Replicas_take_the_devices_that_Jina_gives_them(string value, int replicas, string? expected, int devices)
    {
        Assert.Equal(expected?.Split(' '), CudaVisibleDevices.Parse(value).Assign(devices, shards: 1, replicas));
    }

    [Theory]
    [InlineData("RR", "0 1 2")]
    [InlineData("RR:2", "0 1")]
    [InlineData("RR::2", "0 2")]
    [InlineData("RR::-1", "2 1 0")]
    [InlineData("RR-2:", "1 2")]
    [InlineData("RR:-1", "0 1")]
    [InlineData("RR1:10", "1 2")]
    [InlineData("RR5:", "")]
    [InlineData("RR2:0:-1", "2 1")]
    [InlineData("RR[0:2]", "0 1")]
    [InlineData("RR[0, 2]", "0 2")]
    [InlineData("RRMIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f", "MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f")]
    [InlineData("RRMIG-GPU-5d5ba0d6/1/0", "MIG-GPU-5d5ba0d6/1/0")]
    [InlineData("0,1", "0 1")]
    [InlineData(" 2 , GPU-5d5b ", "2 GPU-5d5b")]
    [InlineData("1,-1,2", "1")]
    [InlineData("-1", "")]
    [InlineData("", "")]
    public void A_value_stands_for_devices(string value, string expected)
    {
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), CudaVisibleDevices.Parse(value).Select(3));
    }

    [Fact]
    public void Shards_take_devices_behind_one_another()
    {
        Assert.Equal(["0", "1", "2", "0", "1", "2"], CudaVisibleDevices.Parse("RR").Assign(3, shards: 3, replicas: 2));
    }

    [Fact]
    public void Without_a_device_there_are_no_turns()
    {
        Assert.Null(CudaVisibleDevices.Parse("RR").Assign(0, 1, 2));
        Assert.Null(CudaVisibleDevices.Parse("RR5:").Assign(3, 1, 2));
    }

    [Theory]
    [InlineData("RR1:2:3:4")]
    [InlineData("RR::0")]
    [InlineData("RRa:b")]
    [InlineData("RR0:2,3")]
    [InlineData("RR0,,2")]
    [InlineData("0;1")]
    [InlineData("RR 0 1")]
    public void A_value_of_no_form_is_an_error_that_shows_the_forms(string value)
    {
        var exception = Assert.Throws<FlowKitException>(() => CudaVisibleDevices.Parse(value).Select(3));

        Assert.Contains($"CUDA_VISIBLE_DEVICES: '{value}' cannot be read; expected ordinals or UUIDs", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>Python's own answers to <c>list(range(5))[start:stop:step]</c>.</summary>
    [Theory]
    [InlineData(":", "0 1 2 3 4")]
    [InlineData("1:4:2", "1 3")]
    [InlineData("-100:100", "0 1 2 3 4")]
    [InlineData("4:1", "")]
    [InlineData("4:1:-1", "4 3 2")]
    [InlineData("100::-2", "4 2 0")]
    [InlineData(":-3:-1", "4 3")]
    [InlineData("-1:", "4")]
    [InlineData("7:", "")]
    public void A_slice_takes_what_Python_takes(string slice, string expected)
    {
        Assert.Equal(expected, string.Join(' ', DeviceSlice.Parse(slice)!.Select(5)));
    }
}
