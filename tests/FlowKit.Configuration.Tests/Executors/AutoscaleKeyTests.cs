using FlowKit.Configuration.Autoscaling;
using FlowKit.Configuration.Flow;

namespace FlowKit.Configuration.Executors;

public sealed class AutoscaleKeyTests
{
    private static readonly FlowConfig Flow = FlowConfigReader.Read(FlowFiles.Valid("autoscale.yml"));

    [Fact]
    public void Limits_and_targets_are_read_and_the_others_have_defaults() => Assert.Equal(
        [
            new AutoscaleConfig(1, 4) { Target = 2, TargetWait = null, StabilizationWindow = TimeSpan.FromSeconds(30), CooldownPeriod = TimeSpan.FromSeconds(30) },
            new AutoscaleConfig(2, 8) { Target = 0.7, TargetWait = TimeSpan.FromMilliseconds(200), StabilizationWindow = TimeSpan.FromMinutes(1), CooldownPeriod = TimeSpan.FromSeconds(90) },
            new AutoscaleConfig(0, 3) { Target = 3 },
            new AutoscaleConfig(1, 3),
        ],
        Flow.Executors.Select(executor => executor.Autoscale));

    [Fact]
    public void It_starts_with_its_replicas_or_else_with_as_few_as_it_may_have_but_one() =>
        Assert.Equal([1, 2, 1, 3], Flow.Executors.Select(executor => executor.Replicas));

    [Fact]
    public void One_elsewhere_is_scaled_by_whoever_starts_it()
    {
        const string Text = "jtype: Flow\nexecutors:\n  - {name: a, external: true, host: a.example:1, autoscale: {max: 4}}\n";

        var flow = FlowConfigReader.ReadText(Text, "flow.yml");

        Assert.Null(flow.Executors[0].Autoscale);
        Assert.Equal("executors.a.autoscale", Assert.Single(flow.Warnings).Key);
    }
}
