using FlowKit.Components.Launching;
using FlowKit.Conformance;
using FlowKit.Conformance.Launchers;

namespace FlowKit.Orchestration.Launching.Containers;

/// <summary>Executors in containers.</summary>
[ConformanceOf(typeof(ContainerLauncher))]
public sealed class ContainerLauncherTests : LauncherSuite, IClassFixture<EngineFixture>
{
    /// <summary>Why these tests are skipped; <see langword="null"/> when they run.</summary>
    public static string? WhyMissing => EngineFixture.WhyMissing;

    protected override string Runtime => "container";

    protected override string Uses => WildFlow.Source;

    protected override Type Executor => typeof(Wild);

    protected override string What => @"the container flowkit-wild-\d-\d+-\d+";

    protected override IExecutorLauncher CreateLauncher() => new ContainerLauncher("tests");

    protected override async Task<int> CountAsync() => (await EngineFixture.ContainersAsync()).Length;
}
