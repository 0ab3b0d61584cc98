namespace FlowKit.Orchestration.Devices;

public sealed class GpuInventoryTests
{
    internal const string TwoGpus = """
        GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-5d5ba0d6-d33d-2b2c-524d-9e3d8d2b8a77)
        GPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-69a0f1b2-0000-1111-2222-333344445555)
        """;

    internal const string TwoSizes = """
        GPU-5d5ba0d6-d33d-2b2c-524d-9e3d8d2b8a77, 40960
        GPU-69a0f1b2-0000-1111-2222-333344445555, [N/A]
        """;

    private const string Sliced = """
        GPU 0: NVIDIA H100 PCIe (UUID: GPU-5d5ba0d6-d33d-2b2c-524d-9e3d8d2b8a77)
          MIG 1g.10gb     Device  0: (UUID: MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f)
          MIG 3g.40gb     Device  1: (UUID: MIG-cba663e8-9bed-5b25-b243-5985ef7c9beb)
        GPU 1: NVIDIA H100 PCIe (UUID: GPU-69a0f1b2-0000-1111-2222-333344445555)
        """;

    [Fact]
    public void What_nvidia_smi_prints_is_read_with_the_memory()
    {
        var gpus = GpuInventory.Parse(TwoGpus, TwoSizes).Gpus;

        Assert.Equal(["GPU-5d5ba0d6-d33d-2b2c-524d-9e3d8d2b8a77", "GPU-69a0f1b2-0000-1111-2222-333344445555"], gpus.Select(gpu => gpu.Uuid));
        Assert.Equal("NVIDIA A100-SXM4-40GB", gpus[0].Name);
        Assert.Equal([40960L << 20, null], gpus.Select(gpu => gpu.MemoryBytes));
    }

    [Fact]
    public void MIG_devices_belong_to_their_GPU()
    {
        var gpus = GpuInventory.Parse(Sliced.ReplaceLineEndings("\r\n")).Gpus;

        Assert.Equal([2, 0], gpus.Select(gpu => gpu.Slices.Count));
        Assert.Equal(("MIG 3g.40gb", "MIG-cba663e8-9bed-5b25-b243-5985ef7c9beb"), (gpus[0].Slices[1].Name, gpus[0].Slices[1].Uuid));
    }

    [Theory]
    [InlineData("")]
    [InlineData("No devices found.")]
    [InlineData("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.")]
    public void Other_words_are_no_GPU(string text) => Assert.Empty(GpuInventory.Parse(text).Gpus);

    [Theory]
    [InlineData(null, "5d5b 69a0")]
    [InlineData("RR", "5d5b 69a0")]
    [InlineData("1,0", "69a0 5d5b")]
    [InlineData("GPU-69", "69a0")]
    [InlineData("1, 7, 0", "69a0")]
    [InlineData("1,-1,0", "69a0")]
    [InlineData("GPU-", "")]
    [InlineData("", "")]
    public void The_mask_of_the_process_numbers_the_devices_anew(string? mask, string expected)
    {
        var gpus = GpuInventory.Parse(TwoGpus).Show(mask);

        Assert.Equal(expected, string.Join(' ', Enumerable.Range(0, gpus.Count).Select(ordinal => gpus[ordinal].Uuid![4..8])));
    }

    [Theory]
    [InlineData(null, "MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f")]
    [InlineData("MIG-cba663e8-9bed-5b25-b243-5985ef7c9beb", "MIG-cba663e8-9bed-5b25-b243-5985ef7c9beb")]
    [InlineData("1,MIG-cba663e8", "MIG-cba663e8-9bed-5b25-b243-5985ef7c9beb")]
    [InlineData("1", "GPU-69a0f1b2-0000-1111-2222-333344445555")]
    public void A_process_sees_one_MIG_device_and_then_nothing_else(string? mask, string expected)
    {
        var gpus = GpuInventory.Parse(Sliced).Show(mask);

        Assert.Equal(expected, Assert.Single(Enumerable.Range(0, gpus.Count).Select(ordinal => gpus[ordinal].Uuid)));
    }

    [Fact]
    public async Task Without_nvidia_smi_the_variable_tells_how_many_there_are()
    {
        static Task<string?> Missing(string[] arguments, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

        Assert.Equal(3, (await GpuProbe.ReadAsync(Missing, name => name == "CUDA_TOTAL_DEVICES" ? "3" : null, default)).Gpus.Count);
        Assert.Empty((await GpuProbe.ReadAsync(Missing, _ => null, default)).Gpus);
        Assert.Empty((await GpuProbe.ReadAsync(Missing, _ => "many", default)).Gpus);
    }

    [Fact]
    public async Task With_nvidia_smi_both_its_answers_are_read()
    {
        var inventory = await GpuProbe.ReadAsync((arguments, _) => Task.FromResult<string?>(arguments is ["-L"] ? TwoGpus : TwoSizes), _ => "7", default);

        Assert.Equal([40960L << 20, null], inventory.Gpus.Select(gpu => gpu.MemoryBytes));
    }

    [Fact]
    public async Task This_machine_is_probed_without_harm()
    {
        var inventory = await GpuProbe.ReadAsync(default);

        Assert.All(inventory.Gpus, gpu => Assert.NotEmpty(gpu.Name));
    }
}
