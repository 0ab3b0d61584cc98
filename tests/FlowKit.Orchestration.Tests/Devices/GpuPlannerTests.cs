using FlowKit.Configuration;
using FlowKit.Configuration.Diagnostics;
using FlowKit.TestKit;

namespace FlowKit.Orchestration.Devices;

public sealed class GpuPlannerTests
{
    private const string Both = "executors:\n  - {name: a, uses: A, device: cuda, replicas: 2}\n  - {name: b, uses: B}\n";

    private readonly CollectedLogs _logs = new();
    private int _probes;

    private GpuPlanner Planner(int gpus) => new()
    {
        Probe = _ =>
        {
            _probes++;
            return Task.FromResult(GpuInventory.OfCount(gpus));
        },
    };

    private Task<Components.IDevicePlan> PlanAsync(int gpus, string flow) =>
        Planner(gpus).PlanAsync(FlowConfigReader.ReadText(flow, "flow.yml"), _logs.CreateLogger("plan"), CancellationToken.None);

    [Fact]
    public async Task A_flow_without_GPUs_leaves_the_machine_alone()
    {
        var plan = await PlanAsync(2, "executors:\n  - {name: a, uses: A}\n");

        Assert.Equal((0, "cpu"), (_probes, plan.DeviceOf("a", 0, 0)));
    }

    [Fact]
    public async Task Replicas_share_the_GPUs_and_the_others_stay_on_the_CPU()
    {
        var plan = await PlanAsync(1, Both);

        Assert.Equal(1, _probes);
        Assert.Equal(["cuda:0", "cuda:0", "cpu"], [plan.DeviceOf("a", 0, 0), plan.DeviceOf("a", 0, 1), plan.DeviceOf("b", 0, 0)]);
    }

    [Fact]
    public async Task A_device_that_is_not_there_is_told_where_its_executor_is_written()
    {
        var exception = await Assert.ThrowsAsync<FlowConfigException>(() => PlanAsync(0, Both));

        Assert.StartsWith("flow.yml:2:5: executors.a: ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fallback_is_only_a_warning()
    {
        var plan = await PlanAsync(0, Both.Replace("device: cuda", "device: cuda, fallback: cpu", StringComparison.Ordinal));

        Assert.Equal("cpu", plan.DeviceOf("a", 0, 0));
        Assert.Contains(_logs.Lines, line => line.Contains("fallback", StringComparison.Ordinal));
    }
}
