using System.Diagnostics;

namespace FlowKit.IndexBench;

/// <summary>Seconds of the cores' time that this process has used.</summary>
internal static class CpuClock
{
    public static double Measure(Action action)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        action();
        process.Refresh();
        return (process.TotalProcessorTime - before).TotalSeconds;
    }
}
