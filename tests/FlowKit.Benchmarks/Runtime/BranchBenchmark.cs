using System.Diagnostics;

namespace FlowKit.Benchmarks.Runtime;

/// <summary>A fast request while the other branch is full of slow ones, against the same request when nothing else runs.</summary>
internal static class BranchBenchmark
{
    private const int SlowCallers = 16;
    private static readonly TimeSpan s_turn = TimeSpan.FromSeconds(1.5);

    private const string Flow = """
        jtype: Flow
        executors:
          - {name: slow, uses: SleepWork, uses_with: {milliseconds: 100}, needs: gateway, when: {modality: {$eq: slow}}}
          - {name: fast, uses: SleepWork, uses_with: {milliseconds: 5}, needs: gateway, when: {modality: {$eq: fast}}}
          - {name: last, uses: NoOp, needs: [slow, fast]}
        """;

    public static async Task<int> RunAsync(int repeats)
    {
        await using var flow = await RuntimeFlow.StartAsync(Flow, typeof(SleepWork), typeof(NoOp));
        var (alone, beside) = (new List<LatencyHistogram>(), new List<LatencyHistogram>());
        for (var i = 0; i <= repeats; i++)
        {
            alone.Add(await FastAsync(flow));
            var slow = Callers.RunAsync(SlowCallers, s_turn * 1.2, _ => flow.SendAsync(Of("slow")));
            beside.Add(await FastAsync(flow));
            await slow;
        }

        Print("alone", alone);
        Print($"beside {SlowCallers} callers of the slow branch", beside);
        Report.AtMost("fast request beside slow ones, p50", Median(alone.Zip(beside), 0.5), 1.2);
        Report.AtMost("fast request beside slow ones, p99", Median(alone.Zip(beside), 0.99), 2);
        return 0;
    }

    private static async Task<LatencyHistogram> FastAsync(RuntimeFlow flow)
    {
        var latencies = new LatencyHistogram();
        await Callers.RunAsync(1, s_turn, async _ =>
        {
            var start = Stopwatch.GetTimestamp();
            var reply = await flow.SendAsync(Of("fast"));
            latencies.AddSince(start);
            return reply;
        });
        return latencies;
    }

    private static DocumentArray Of(string modality) => [new Document { Text = modality, Modality = modality }];

    /// <summary>The first turn warms up.</summary>
    private static double Median(IEnumerable<(LatencyHistogram Alone, LatencyHistogram Beside)> turns, double share) =>
        Ratio.Median(turns.Skip(1).Select(turn => turn.Beside.Percentile(share) / turn.Alone.Percentile(share)));

    private static void Print(string name, List<LatencyHistogram> turns) => Report.Line(
        $"{name}: p50 {Milliseconds(turns, 0.5):0.00} ms, p99 {Milliseconds(turns, 0.99):0.00} ms, {turns.Count - 1} turns, load average {Report.Load}");

    private static double Milliseconds(List<LatencyHistogram> turns, double share) => Ratio.Median(turns.Skip(1).Select(turn => turn.Percentile(share).TotalMilliseconds));
}
