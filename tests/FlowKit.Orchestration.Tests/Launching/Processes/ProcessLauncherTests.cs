using FlowKit.Components.Launching;
using FlowKit.Conformance;
using FlowKit.Conformance.Launchers;

namespace FlowKit.Orchestration.Launching.Processes;

/// <summary>Executors in processes of their own.</summary>
[ConformanceOf(typeof(ProcessLauncher))]
public sealed class ProcessLauncherTests : LauncherSuite
{
    protected override string Runtime => "process";

    protected override string Uses => nameof(Wild);

    protected override Type Executor => typeof(Wild);

    protected override string What => @"process \d+";

    protected override IExecutorLauncher CreateLauncher() => new ProcessLauncher();

    protected override Task<int> CountAsync() => Task.FromResult(WorkerProcesses.OfThisProcess().Count);
}
