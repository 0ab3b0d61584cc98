using System.Diagnostics;

namespace FlowKit.Benchmarks.Runtime;

/// <summary>
/// One of two replicas hangs, or throws, again and again under load. Of writes, only the requests in the failed call fail; of reads, those that hung
/// once are answered by the other replica; everything else is answered, and no caller waits much longer than the limit of a call.
/// </summary>
internal static class FaultBenchmark
{
    private const int InFlight = 32;
    private const int Limit = 300;
    private const int Faults = 5;
    private static readonly TimeSpan s_load = TimeSpan.FromSeconds(5);

    private static readonly string s_flow = $$"""
        jtype: Flow
        executors:
          - {name: work, uses: FaultyWork, uses_with: {milliseconds: 5}, replicas: 2, timeout_executor: {{Limit}}, failure_threshold: 2}
        """;

    public static async Task<int> RunAsync(int repeats)
    {
        for (var i = 0; i < repeats; i++)
        {
            await InjectAsync("hang in a write", "/index", FaultyWork.Hang, Faults);
            await InjectAsync("hang in a read", "/search", FaultyWork.Hang, 0);
            await InjectAsync("throw", "/search", FaultyWork.Throw, Faults);
        }

        return 0;
    }

    private static async Task InjectAsync(string name, string endpoint, string fault, int mayFail)
    {
        await using var flow = await RuntimeFlow.StartAsync(s_flow, typeof(FaultyWork));
        var latencies = new LatencyHistogram();
        var (failed, answered) = (0L, 0L);
        var load = Callers.RunAsync(InFlight, s_load, async _ =>
        {
            var start = Stopwatch.GetTimestamp();
            var reply = await flow.SendAsync(Inputs.Texts(1), endpoint);
            latencies.AddSince(start);
            Interlocked.Increment(ref reply.Error is null ? ref answered : ref failed);
            return reply with { Error = null };
        });
        var injected = await FaultsAsync(flow, endpoint, fault);
        await load;
        var health = flow.Runtime.Health[0];
        Report.Line($"-- {name}: {Faults} injected, {injected} of them failed; {answered} others answered, {failed} failed, p99 {latencies.Percentile(0.99).TotalMilliseconds:0} ms, longest {latencies.Percentile(1).TotalMilliseconds:0} ms; {health.Ready} of 2 replicas ready, {health.Restarts} restarts, load average {Report.Load}");
        Report.AtMost($"{name}: bystanders that failed", failed, 0);
        Report.AtMost($"{name}: requests in the failed calls that failed", injected, mayFail);
    }

    private static async Task<int> FaultsAsync(RuntimeFlow flow, string endpoint, string fault)
    {
        var failed = 0;
        for (var i = 0; i < Faults; i++)
        {
            await Task.Delay(s_load / (Faults + 2), TimeProvider.System);
            var reply = await flow.SendAsync([new Document { Text = fault }], endpoint);
            failed += reply.Error is null ? 0 : 1;
        }

        return failed;
    }
}
