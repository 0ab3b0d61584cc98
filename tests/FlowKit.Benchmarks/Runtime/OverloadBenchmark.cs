namespace FlowKit.Benchmarks.Runtime;

/// <summary>R19: ten times what a flow can do. It goes on doing what it can, refuses the rest at once, and its memory stays as it is.</summary>
internal static class OverloadBenchmark
{
    private const int Capacity = 32;
    private const int Excess = 10;
    private static readonly TimeSpan s_calm = TimeSpan.FromSeconds(5);

    private static readonly string s_flow = $$"""
        jtype: Flow
        gateway: {port: 0, capacity: {{Capacity}}, no_debug_endpoints: true}
        executors:
          - {name: work, uses: SleepWork, uses_with: {milliseconds: 5}, replicas: 2}
        """;

    public static async Task<int> RunAsync(int seconds)
    {
        await using (var flow = await RuntimeFlow.StartAsync(s_flow, typeof(SleepWork)))
        {
            await RunAsync("R19", seconds, async () => (await flow.SendAsync(Inputs.Texts(1)).ConfigureAwait(false)).Error?.Code);
        }

        await using var served = await HttpFlow.StartAsync(s_flow, typeof(SleepWork));
        await RunAsync("R19 over HTTP", seconds, served.SendAsync);
        return 0;
    }

    private static async Task RunAsync(string name, int seconds, Func<Task<FlowErrorCode?>> send)
    {
        var unloaded = await MeasureAsync(1, s_calm, send);
        var before = await MeasureAsync(Capacity, s_calm, send);
        using var memory = new MemoryWatch();
        var outcomes = new Outcomes();
        var (sent, elapsed) = await OverloadAsync(Excess * RateOf(before), TimeSpan.FromSeconds(seconds), outcomes, send);
        var (growth, megabytes, heap) = (memory.Growth, memory.Megabytes, memory.HeapGrowth);
        var after = await MeasureAsync(Capacity, s_calm, send);

        var best = Math.Max(RateOf(before), RateOf(after));
        var goodput = outcomes.Answered.Count / elapsed.TotalSeconds;
        var bound = unloaded.Percentile(0.5) + TimeSpan.FromSeconds(Capacity / best);
        Report.Line($"-- {name}: offered {sent / elapsed.TotalSeconds:0}/s for {elapsed.TotalSeconds:0} s, best {RateOf(before):0}/s before and {RateOf(after):0}/s after, answered {goodput:0}/s, refused {outcomes.Refused.Count}, failed {outcomes.Failed} {outcomes.Failure}, load average {Report.Load}");
        Report.Line($"   alone p50 {unloaded.Percentile(0.5).TotalMilliseconds:0.0} ms; accepted p50 {outcomes.Answered.Percentile(0.5).TotalMilliseconds:0.0} p99 {outcomes.Answered.Percentile(0.99).TotalMilliseconds:0.0} ms against a bound of {bound.TotalMilliseconds:0.0} ms; resident {megabytes:0} MB, managed heap {heap:+0.0;-0.0} MB");
        Report.AtLeast(name, goodput / best, 0.95);
        Report.AtMost($"{name}: p99 of the accepted to service + queue bound", outcomes.Answered.Percentile(0.99) / bound, 3);
        Report.AtMost($"{name}: refusals answered, p99 ms", outcomes.Refused.Percentile(0.99).TotalMilliseconds, 5);
        Report.AtMost($"{name}: growth of the resident set", growth, 1.05);
        Report.AtMost($"{name}: requests that failed", outcomes.Failed, 0);
    }

    private static double RateOf(LatencyHistogram calm) => calm.Count / s_calm.TotalSeconds;

    private static async Task<LatencyHistogram> MeasureAsync(int callers, TimeSpan duration, Func<Task<FlowErrorCode?>> send)
    {
        var outcomes = new Outcomes();
        await Callers.RunAsync(callers, duration, async _ => await outcomes.FollowAsync(send).ConfigureAwait(false));
        return outcomes.Answered.Count > 0 ? outcomes.Answered : throw new InvalidOperationException($"Nothing was answered: {outcomes.Failure}");
    }

    private static async Task<(long Sent, TimeSpan Elapsed)> OverloadAsync(double rate, TimeSpan duration, Outcomes outcomes, Func<Task<FlowErrorCode?>> send)
    {
        var start = TimeProvider.System.GetTimestamp();
        var sent = await OpenLoop.RunAsync(rate, duration, () => outcomes.FollowAsync(send));
        return (sent, TimeProvider.System.GetElapsedTime(start));
    }
}
