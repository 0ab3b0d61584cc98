using FlowKit.Configuration.Executors;

namespace FlowKit.Orchestration.Devices;

public sealed class GpuAllocatorTests
{
    private const string Uuid0 = "GPU-5d5ba0d6-d33d-2b2c-524d-9e3d8d2b8a77";
    private const string Uuid1 = "GPU-69a0f1b2-0000-1111-2222-333344445555";
    private const long Gibibyte = 1L << 30;

    private static readonly GpuInventory Two = GpuInventory.Parse(GpuInventoryTests.TwoGpus, GpuInventoryTests.TwoSizes);
    private static readonly GpuInventory Four = GpuInventory.OfCount(4);

    [Fact]
    public void Replicas_of_all_shards_take_devices_in_turn()
    {
        var plan = Allocate(Four, new GpuRequest("enc") { Device = "cuda", VisibleDevices = "RR", Shards = 3, Replicas = 2 });

        Assert.Equal(["cuda:0", "cuda:1", "cuda:2", "cuda:3", "cuda:0", "cuda:1"], Pods(plan, 3, 2));
        Assert.Empty(plan.Problems);
    }

    [Theory]
    [InlineData("RR1:3", "cuda:1 cuda:2 cuda:1")]
    [InlineData("RR0,2,3", "cuda:0 cuda:2 cuda:3")]
    [InlineData("RR2", "cuda:2 cuda:2 cuda:2")]
    [InlineData("2,3", "cuda:2 cuda:2 cuda:2")]
    public void The_executors_variable_chooses(string value, string expected)
    {
        Assert.Equal(expected.Split(' '), Pods(Allocate(Four, new GpuRequest("enc") { Device = "cuda", VisibleDevices = value, Replicas = 3 }), 1, 3));
    }

    [Theory]
    [InlineData("RR" + Uuid1 + "," + Uuid0, "cuda:1 cuda:0")]
    [InlineData("RRGPU-69", "cuda:1 cuda:1")]
    [InlineData(Uuid1, "cuda:1 cuda:1")]
    public void UUIDs_become_ordinals(string value, string expected)
    {
        Assert.Equal(expected.Split(' '), Pods(Allocate(Two, new GpuRequest("enc") { Device = "cuda", VisibleDevices = value, Replicas = 2 }), 1, 2));
    }

    [Theory]
    [InlineData("all", "cuda:0 cuda:1 cuda:2 cuda:3")]
    [InlineData("2", "cuda:0 cuda:1 cuda:0 cuda:1")]
    [InlineData("device=3,device=1,driver=nvidia,capabilities=utility", "cuda:3 cuda:1 cuda:3 cuda:1")]
    [InlineData("capabilities=compute", "cuda:0 cuda:1 cuda:2 cuda:3")]
    public void Gpus_chooses_and_goes_before_the_variable(string gpus, string expected)
    {
        Assert.Equal(expected.Split(' '), Pods(Allocate(Four, new GpuRequest("enc") { Gpus = gpus, VisibleDevices = "RR3", Replicas = 4 }), 1, 4));
    }

    [Fact]
    public void A_count_of_gpus_takes_free_ones_first_even_those_that_later_executors_leave()
    {
        var plan = Allocate(
            Four,
            new GpuRequest("counted") { Gpus = "2", Replicas = 2 },
            new GpuRequest("second") { Gpus = "1" },
            new GpuRequest("named") { Device = "cuda:0", Replicas = 4 });

        Assert.Equal(["cuda:1", "cuda:2"], Pods(plan, 1, 2, "counted"));
        Assert.Equal("cuda:3", plan.DeviceOf("second", 0, 0));
        Assert.Equal("cuda:0", plan.DeviceOf("named", 0, 3));
    }

    [Fact]
    public void A_place_is_counted_within_what_is_chosen()
    {
        Assert.Equal(["cuda:3", "cuda:3"], Pods(Allocate(Four, new GpuRequest("enc") { Device = "cuda:1", VisibleDevices = "2,3", Replicas = 2 }), 1, 2));
        Assert.Equal(["cuda:2", "cuda:2"], Pods(Allocate(Four, new GpuRequest("enc") { Device = "cuda:0", Gpus = "device=2,device=1", Replicas = 2 }), 1, 2));
    }

    [Fact]
    public void A_replica_added_later_goes_on_in_turn()
    {
        var plan = Allocate(Two, new GpuRequest("enc") { Gpus = "all" });

        Assert.Equal(("cuda:0", "cuda:1", "cuda:0"), (plan.DeviceOf("enc", 0, 0), plan.DeviceOf("enc", 0, 1), plan.DeviceOf("enc", -1, 2)));
    }

    [Fact]
    public void The_variable_of_the_process_is_for_executors_on_cuda_without_their_own()
    {
        var plan = new GpuAllocator(Four, "RR2:").Allocate([new GpuRequest("a") { Device = "cuda", Replicas = 2 }, new GpuRequest("b"), new GpuRequest("c") { Device = "cuda", VisibleDevices = "1" }]);

        Assert.Equal(["cuda:2", "cuda:3", "cpu", "cuda:1"], [plan.DeviceOf("a", 0, 0), plan.DeviceOf("a", 0, 1), plan.DeviceOf("b", 0, 0), plan.DeviceOf("c", 0, 0)]);
        Assert.Empty(plan.Problems);
    }

    [Fact]
    public void A_mask_of_the_process_makes_ordinals_anew()
    {
        var allocator = new GpuAllocator(Two, "1");

        Assert.Equal("cuda:0", allocator.Allocate([new GpuRequest("enc") { Device = "cuda", VisibleDevices = Uuid1 }]).DeviceOf("enc", 0, 0));
        Assert.Equal("cuda:0", allocator.Allocate([new GpuRequest("enc") { Device = "cuda", VisibleDevices = "1" }]).DeviceOf("enc", 0, 0));
        Assert.Equal(
            $"CUDA_VISIBLE_DEVICES: {Uuid0} is not there: this process sees cuda:0 (NVIDIA A100-SXM4-40GB, {Uuid1}) under its CUDA_VISIBLE_DEVICES '1'.",
            Assert.Single(allocator.Allocate([new GpuRequest("enc") { Device = "cuda", VisibleDevices = Uuid0 }]).Problems).Message);
    }

    [Theory]
    [InlineData("cuda:2", null, null, $"device: cuda:2 is not there: this process sees cuda:0 (NVIDIA A100-SXM4-40GB, {Uuid0}), cuda:1 (NVIDIA A100-SXM4-40GB, {Uuid1}).")]
    [InlineData("cuda", "RR0,2", null, "CUDA_VISIBLE_DEVICES: cuda:2 is not there: this process sees cuda:0")]
    [InlineData("cuda", "GPU-77", null, "CUDA_VISIBLE_DEVICES: GPU-77 is not there")]
    [InlineData("cuda", "RRMIG-1", null, "MIG-1 is not there: this process sees cuda:0")]
    [InlineData("cuda", "RRMIG-1", null, "CUDA shows one MIG device to a process")]
    [InlineData("cuda", "GPU-", null, "'GPU-' could be cuda:0 or cuda:1")]
    [InlineData("cuda", "RR5:", null, "device: CUDA_VISIBLE_DEVICES: RR5: leaves no device")]
    [InlineData("cuda", "", null, "leaves no device")]
    [InlineData("cuda:1", "RR", null, "gives each replica one device, which is cuda or cuda:0 to it")]
    [InlineData("cuda:2", "0,1", null, "device: cuda:2 is not there: CUDA_VISIBLE_DEVICES: 0,1 leaves 2 (cuda:0, cuda:1 of this process).")]
    [InlineData("cuda", "RR a;b", null, "cannot be read; expected ordinals or UUIDs")]
    [InlineData("gpu", null, null, "device: 'gpu' cannot be read; expected cpu, cuda or cuda:N.")]
    [InlineData("cpu", null, "3", "gpus: 3 are not there: this process sees cuda:0")]
    [InlineData("cpu", null, "device=5", "gpus: cuda:5 is not there")]
    [InlineData("cpu", null, "0", "gpus: '0' cannot be read; expected all, a count from 1")]
    [InlineData("cpu", null, "some", "gpus: 'some' cannot be read")]
    [InlineData("cpu", null, "device=", "gpus: 'device=' cannot be read")]
    [InlineData("cpu", null, "count=2", "gpus: 'count=2' cannot be read")]
    public void What_is_not_there_is_an_error_that_says_what_is(string device, string? variable, string? gpus, string expected)
    {
        var plan = Allocate(Two, new GpuRequest("enc") { Device = device, VisibleDevices = variable, Gpus = gpus });

        var problem = Assert.Single(plan.Problems);
        Assert.True(problem.IsError);
        Assert.Equal("enc", problem.Executor);
        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cuda", null, null)]
    [InlineData("cuda:1", null, null)]
    [InlineData("cuda", "RR", null)]
    [InlineData("cpu", null, "all")]
    [InlineData("cpu", null, "1")]
    public void On_a_machine_without_a_GPU_cuda_is_an_error_unless_it_may_fall_back(string device, string? variable, string? gpus)
    {
        var request = new GpuRequest("enc") { Device = device, VisibleDevices = variable, Gpus = gpus };

        var error = Assert.Single(Allocate(GpuInventory.None, request).Problems);
        var plan = Allocate(GpuInventory.None, request with { Fallback = "cpu" });

        Assert.True(error.IsError);
        Assert.Contains("this process sees no GPU", error.Message, StringComparison.Ordinal);
        var warning = Assert.Single(plan.Problems);
        Assert.False(warning.IsError);
        Assert.EndsWith("It runs on the CPU, as fallback: cpu says.", warning.Message, StringComparison.Ordinal);
        Assert.Equal("cpu", plan.DeviceOf("enc", 0, 0));
    }

    [Fact]
    public void A_value_that_cannot_be_read_does_not_fall_back()
    {
        Assert.True(Assert.Single(Allocate(GpuInventory.None, new GpuRequest("enc") { Device = "cuda", VisibleDevices = "RRx:y", Fallback = "cpu" }).Problems).IsError);
    }

    [Fact]
    public void An_executor_on_the_CPU_that_is_pinned_is_warned()
    {
        var plan = Allocate(Two, new GpuRequest("enc") { VisibleDevices = "RR" });

        Assert.Equal(("cpu", false), (plan.DeviceOf("enc", 0, 0), Assert.Single(plan.Problems).IsError));
        Assert.Contains("say device: cuda", plan.Problems[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_executors_that_cannot_fit_one_device_are_a_warning()
    {
        var plan = Allocate(
            Two,
            new GpuRequest("image") { Device = "cuda:0", Replicas = 3, MemoryBytes = 25 * Gibibyte },
            new GpuRequest("text") { Device = "cuda:0", MemoryBytes = 16 * Gibibyte },
            new GpuRequest("other") { Device = "cuda:1", MemoryBytes = 900 * Gibibyte });

        var warning = Assert.Single(plan.Problems);
        Assert.False(warning.IsError);
        Assert.Equal("device: image (25 GiB) and text (16 GiB) together need 41 GiB of cuda:0, which has 40 GiB.", warning.Message);
    }

    [Fact]
    public void Executors_that_fit_or_lie_apart_are_not_warned()
    {
        Assert.Empty(Allocate(Two, new GpuRequest("a") { Device = "cuda:0", MemoryBytes = 20 * Gibibyte }, new GpuRequest("b") { Device = "cuda:0", MemoryBytes = 20 * Gibibyte }).Problems);
        Assert.Empty(Allocate(Two, new GpuRequest("a") { Gpus = "1", MemoryBytes = 30 * Gibibyte }, new GpuRequest("b") { Gpus = "1", MemoryBytes = 30 * Gibibyte }).Problems);
    }

    [Fact]
    public void GPUs_of_different_kinds_need_an_order()
    {
        var mixed = new GpuInventory([new GpuDevice("A"), new GpuDevice("B")]);

        Assert.Contains("CUDA_DEVICE_ORDER=PCI_BUS_ID", Assert.Single(Allocate(mixed, new GpuRequest("enc") { Device = "cuda" }).Problems).Message, StringComparison.Ordinal);
        Assert.Empty(new GpuAllocator(mixed, deviceOrder: "PCI_BUS_ID").Allocate([new GpuRequest("enc") { Device = "cuda" }]).Problems);
        Assert.Empty(Allocate(mixed, new GpuRequest("enc")).Problems);
    }

    [Fact]
    public void An_entry_of_the_flow_asks_with_its_own_keys()
    {
        var config = new ExecutorConfig
        {
            Name = "enc",
            Needs = ["gateway"],
            Device = "cuda",
            Gpus = "all",
            Fallback = "cpu",
            Shards = 2,
            Replicas = 3,
            Env = new Dictionary<string, string> { ["CUDA_VISIBLE_DEVICES"] = "RR" },
            UsesWith = new System.Text.Json.Nodes.JsonObject { ["gpu_mem_limit"] = 7 },
        };

        Assert.Equal(
            new GpuRequest("enc") { Device = "cuda", Gpus = "all", Fallback = "cpu", Shards = 2, Replicas = 3, VisibleDevices = "RR", MemoryBytes = 7 },
            GpuRequest.Of(config));
        Assert.False(GpuRequest.Of(new ExecutorConfig { Name = "b", Needs = ["gateway"] }).WantsGpu);
    }

    private static GpuPlan Allocate(GpuInventory inventory, params GpuRequest[] requests) => new GpuAllocator(inventory).Allocate(requests);

    private static IEnumerable<string> Pods(GpuPlan plan, int shards, int replicas, string executor = "enc") =>
        from shard in Enumerable.Range(0, shards) from replica in Enumerable.Range(0, replicas) select plan.DeviceOf(executor, shard, replica);
}
