using FlowKit.Specs.Running;

namespace FlowKit.Orchestration.Launching.Processes;

/// <summary>The workers that run now.</summary>
internal static class WorkerProcesses
{
    /// <summary>Those that this process has started.</summary>
    public static List<int> OfThisProcess() =>
    [
        .. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Where(name => int.TryParse(name, out _))
            .Where(name => ProcessTable.CommandOf(name!).Contains($"--parent\0{Environment.ProcessId}\0", StringComparison.Ordinal))
            .Select(name => int.Parse(name!, null)),
    ];
}
