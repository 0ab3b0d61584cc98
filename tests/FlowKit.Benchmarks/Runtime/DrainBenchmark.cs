using FlowKit.Runtime;

namespace FlowKit.Benchmarks.Runtime;

/// <summary>R24: a flow that is stopped under load answers all that it accepted, and needs little longer than its longest call.</summary>
internal static class DrainBenchmark
{
    private const int InFlight = 32;
    private const int Milliseconds = 100;
    private static readonly TimeSpan s_load = TimeSpan.FromSeconds(1.05);

    private static readonly string s_flow = $$"""
        jtype: Flow
        executors:
          - {name: first, uses: NoOp}
          - {name: work, uses: SleepWork, uses_with: {milliseconds: {{Milliseconds}}}, uses_dynamic_batching: {/run: {preferred_batch_size: {{InFlight}} } } }
          - {name: last, uses: NoOp}
        """;

    public static async Task<int> RunAsync(int repeats)
    {
        var (accepted, failed, times) = (0L, 0L, new List<double>());
        for (var i = 0; i < repeats; i++)
        {
            await using var flow = await RuntimeFlow.StartAsync(s_flow, typeof(NoOp), typeof(SleepWork));
            var callers = Enumerable.Range(0, InFlight).Select(_ => Task.Run(() => CallAsync(flow))).ToArray();
            await Task.Delay(s_load + TimeSpan.FromMilliseconds(Random.Shared.Next(Milliseconds)), TimeProvider.System);
            var start = TimeProvider.System.GetTimestamp();
            await flow.Runtime.StopAsync(TimeSpan.FromSeconds(30));
            times.Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds / Milliseconds);
            foreach (var (ok, bad) in await Task.WhenAll(callers))
            {
                accepted += ok + bad;
                failed += bad;
            }
        }

        Report.Line($"-- stopped under {InFlight} callers, {repeats} turns, load average {Report.Load}: {accepted} accepted, {failed} of them failed, stopping took min {times.Min():0.00} max {times.Max():0.00} calls");
        Report.AtMost("R24 failed of the accepted", failed / (double)accepted, 0);
        Report.AtMost("R24 time to the longest call", Ratio.Median(times), 2);
        return 0;
    }

    /// <summary>Calls until it is refused; a refusal says when to come again.</summary>
    private static async Task<(long Ok, long Failed)> CallAsync(RuntimeFlow flow)
    {
        var (ok, failed) = (0L, 0L);
        while (true)
        {
            var reply = await flow.SendAsync(Inputs.Texts(1));
            if (reply.Error is { Code: FlowErrorCode.Unavailable, RetryAfter: not null })
            {
                return (ok, failed);
            }

            if (IsWhole(reply))
            {
                ok++;
            }
            else
            {
                failed++;
            }
        }
    }

    private static bool IsWhole(FlowResponse reply) => reply is { Error: null, Documents: [{ Error: null }] };
}
