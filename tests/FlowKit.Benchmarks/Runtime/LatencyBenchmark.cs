namespace FlowKit.Benchmarks.Runtime;

/// <summary>R2: from request to answer through one executor, unbatched, against a channel with completions that are used again.</summary>
internal static class LatencyBenchmark
{
    private const int InFlight = 64;

    public static async Task<int> RunAsync(int repeats)
    {
        await using var flow = await RuntimeFlow.ChainAsync(1);
        await using var asked = new AskedChannels(1);
        await using var limit = new PooledChannel(InFlight);
        var own = Enumerable.Range(0, InFlight).Select(_ => Inputs.Texts(1)).ToArray();
        var race = await Race.RunAsync(
            $"one no-op executor, {InFlight} callers",
            repeats,
            1,
            new Contender("flow", turn => Callers.RunAsync(InFlight, turn, caller => flow.SendAsync(own[caller]))),
            new Contender("channel, pooled completion", turn => Callers.RunAsync(InFlight, turn, limit.SendAsync)),
            new Contender("channel, TaskCompletionSource", turn => Callers.RunAsync(InFlight, turn, caller => asked.SendAsync(own[caller]))));
        Report.Line($"latency of one of {InFlight} callers: {race.Nanoseconds("flow") * InFlight / 1000:0.0} us");
        Report.AtMost("R2", race.Time("flow", "channel, pooled completion"), 4);
        Report.Line($"   by time of the cores {race.Processor("flow", "channel, pooled completion"):0.00}; against a channel with TaskCompletionSource {race.Time("flow", "channel, TaskCompletionSource"):0.00}");
        return 0;
    }
}
