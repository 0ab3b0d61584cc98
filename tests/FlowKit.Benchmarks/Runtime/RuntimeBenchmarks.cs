using System.Globalization;

namespace FlowKit.Benchmarks.Runtime;

/// <summary>The benchmarks of the runtime, by the number of their ratio.</summary>
internal static class RuntimeBenchmarks
{
    private static readonly Dictionary<string, Func<int, Task<int>>> s_known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["pipeline"] = PipelineBenchmark.RunAsync,
        ["latency"] = LatencyBenchmark.RunAsync,
        ["flatness"] = FlatnessBenchmark.RunAsync,
        ["replicas"] = ReplicaBenchmark.RunAsync,
        ["batching"] = BatchingBenchmark.RunAsync,
        ["branches"] = BranchBenchmark.RunAsync,
        ["overload"] = OverloadBenchmark.RunAsync,
        ["queue-memory"] = QueueMemoryBenchmark.RunAsync,
        ["drain"] = DrainBenchmark.RunAsync,
        ["transfer"] = Wire.TransferBenchmark.RunAsync,
        ["faults"] = FaultBenchmark.RunAsync,
    };

    /// <summary>What <c>runtime</c> can be followed by.</summary>
    public static string Names => string.Join(' ', s_known.Keys);

    /// <summary>Runs one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="number">How many turns each contender takes; for <c>overload</c>, how many seconds it lasts.</param>
    /// <returns>The exit code, or <see langword="null"/> when there is none of that name.</returns>
    public static async Task<int?> RunAsync(string name, string number) =>
        s_known.TryGetValue(name, out var benchmark) ? await benchmark(int.Parse(number, CultureInfo.InvariantCulture)) : null;
}
