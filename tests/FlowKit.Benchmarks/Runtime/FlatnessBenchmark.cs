namespace FlowKit.Benchmarks.Runtime;

/// <summary>Whether a hop costs the same in long chains as in short ones, and what a request and a hop allocate.</summary>
internal static class FlatnessBenchmark
{
    private const int InFlight = 256;
    private static readonly int[] s_lengths = [3, 10, 30];

    public static async Task<int> RunAsync(int repeats)
    {
        foreach (var documents in (int[])[1, 32])
        {
            await RunAsync(repeats, documents);
        }

        return 0;
    }

    private static async Task RunAsync(int repeats, int documents)
    {
        var own = Enumerable.Range(0, InFlight).Select(_ => Inputs.Texts(documents)).ToArray();
        await using var chains = new RuntimeFlows(await Task.WhenAll(s_lengths.Select(length => RuntimeFlow.ChainAsync(length, documents))));
        var race = await Race.RunAsync(
            $"chains of no-op executors, {InFlight} callers",
            repeats,
            documents,
            [.. s_lengths.Select((length, i) => new Contender(Name(length), turn => Callers.RunAsync(InFlight, turn, caller => chains[i].SendAsync(own[caller]))))]);
        Print(race);
    }

    private static void Print(Race race)
    {
        var (shortest, longest) = (s_lengths[0], s_lengths[^1]);
        var hop = (race.ProcessorNanoseconds(Name(longest)) - race.ProcessorNanoseconds(Name(shortest))) / (longest - shortest);
        var bytes = (race.BytesPerRequest(Name(longest)) - race.BytesPerRequest(Name(shortest))) / (longest - shortest);
        Report.Line($"a hop more: {hop:0} ns of the cores, {bytes:0} B; the rest of a request: {race.ProcessorNanoseconds(Name(shortest)) - (shortest * hop):0} ns, {race.BytesPerRequest(Name(shortest)) - (shortest * bytes):0} B");
        Report.AtMost($"time per hop/{race.Documents}, {longest} nodes to {shortest}", race.Time(Name(longest), Name(shortest)) * shortest / longest, 1.1);
    }

    private static string Name(int length) => $"{length} nodes";
}
